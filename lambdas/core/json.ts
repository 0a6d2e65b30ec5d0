/** A JSON object as it was parsed: nothing is known of its fields. */
export type JsonObject = Readonly<Record<string, unknown>>;

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** The body as JSON of any shape; undefined if it is not JSON, or not UTF-8. */
export function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(utf8.decode(body)) as unknown;
  } catch {
    return undefined;
  }
}

/** The body as a JSON object; undefined if it is anything else. */
export function parseObject(body: Buffer): JsonObject | undefined {
  const value = parseJson(body);
  return isObject(value) ? value : undefined;
}

/** Whether a parsed value is a JSON object, as opposed to an array, a text, a number or null. */
export const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** How deep a value may nest that others have to work on: beyond some thousand levels `JSON.stringify` overflows the stack. */
export const MAX_JSON_DEPTH = 1000;

/** Whether a parsed value nests deeper than {@link MAX_JSON_DEPTH}. It takes no stack, however deep the value is. */
export function isTooDeep(value: unknown): boolean {
  let level = childrenOf(value);
  for (let depth = 1; level.length > 0; depth++) {
    if (depth >= MAX_JSON_DEPTH) return true;
    level = level.flatMap(childrenOf);
  }
  return false;
}

const childrenOf = (value: unknown): unknown[] =>
  typeof value === 'object' && value !== null ? Object.values(value) : [];

/** A parsed value as JSON text, as `JSON.stringify` writes it, however deep the value is. */
export function writeJson(value: unknown): string {
  if (!isTooDeep(value)) return JSON.stringify(value);
  const written: string[] = [];
  const left: Part[] = [{ value }];
  for (let next = left.pop(); next; next = left.pop()) {
    if ('text' in next) written.push(next.text);
    else for (const part of partsOf(next.value).reverse()) left.push(part);
  }
  return written.join('');
}

/** A part that is still to be written: a text as it is, or a value. */
type Part = { readonly text: string } | { readonly value: unknown };

function partsOf(value: unknown): Part[] {
  if (typeof value !== 'object' || value === null) return [{ text: JSON.stringify(value) }];
  if (Array.isArray(value)) {
    const items = value.flatMap((item: unknown, index): Part[] => [{ text: index === 0 ? '' : ',' }, { value: item }]);
    return [{ text: '[' }, ...items, { text: ']' }];
  }
  const fields = Object.entries(value).flatMap(([name, field], index): Part[] => [
    { text: `${index === 0 ? '' : ','}${JSON.stringify(name)}:` },
    { value: field },
  ]);
  return [{ text: '{' }, ...fields, { text: '}' }];
}
