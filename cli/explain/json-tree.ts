/** A JSON document that keeps the order of its members and the text of its numbers. */
export type Tree =
  | { readonly kind: 'object'; readonly members: readonly (readonly [name: string, value: Tree])[] }
  | { readonly kind: 'array'; readonly items: readonly Tree[] }
  | { readonly kind: 'text'; readonly value: string }
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'word'; readonly text: string };

/** Nesting that is followed; a deeper document is left alone. */
const MAX_DEPTH = 200;

const TOKEN = /[\t\n\r ]*([{}[\],:]|"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)/y;

/** Parses a JSON text; undefined if it is not JSON, or nests deeper than {@link MAX_DEPTH}. */
export function parseTree(text: string): Tree | undefined {
  const tokens = new RegExp(TOKEN);
  const next = (): string => tokens.exec(text)?.[1] ?? '';
  try {
    JSON.parse(text);
    return readValue(next(), next, 0);
  } catch {
    return undefined;
  }
}

function readValue(token: string, next: () => string, depth: number): Tree {
  if (depth > MAX_DEPTH) throw new Error('it nests too deep');
  if (token === '{') return { kind: 'object', members: readMembers(next, depth) };
  if (token === '[') return { kind: 'array', items: readItems(next, depth) };
  if (token.startsWith('"')) return { kind: 'text', value: JSON.parse(token) as string };
  return /^[tfn]/.test(token) ? { kind: 'word', text: token } : { kind: 'number', text: token };
}

/** The text is known to be JSON, so what comes between the tokens is not checked again. */
function readMembers(next: () => string, depth: number): (readonly [string, Tree])[] {
  const members: (readonly [string, Tree])[] = [];
  for (let token = next(); token !== '}' && token !== ''; token = next()) {
    const name = JSON.parse(token === ',' ? next() : token) as string;
    next();
    members.push([name, readValue(next(), next, depth + 1)]);
  }
  return members;
}

function readItems(next: () => string, depth: number): Tree[] {
  const items: Tree[] = [];
  for (let token = next(); token !== ']' && token !== ''; token = next())
    items.push(readValue(token === ',' ? next() : token, next, depth + 1));
  return items;
}
