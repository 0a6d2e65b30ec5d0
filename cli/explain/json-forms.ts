import { parseTree } from './json-tree.ts';
import type { Tree } from './json-tree.ts';

/** How a JSON library writes a document. */
interface Form {
  readonly name: string;
  readonly item: string;
  readonly colon: string;
  readonly indent?: string;
  readonly escape: (text: string) => string;
  readonly sorted?: boolean;
  readonly number: (text: string) => string;
}

const hex = (code: number): string => code.toString(16).padStart(4, '0');
const escapeUnits = (text: string, pattern: RegExp, write: (code: number) => string): string =>
  text.replaceAll(pattern, (unit) => write(unit.charCodeAt(0)));
const lower = (code: number): string => `\\u${hex(code)}`;
const upper = (code: number): string => `\\u${hex(code).toUpperCase()}`;
const NOT_ASCII = /[\u0080-\uffff]/g;
const NOT_ASCII_OR_DEL = /[\u007f-\uffff]/g;

const ESCAPES: readonly (readonly [name: string, escape: (text: string) => string])[] = [
  ['as UTF-8', (text) => text],
  ['with \\u escapes, as Python', (text) => escapeUnits(text, NOT_ASCII_OR_DEL, lower)],
  ['with \\u escapes and \\/, as PHP', (text) => escapeUnits(text.replaceAll('/', '\\/'), NOT_ASCII, lower)],
  ['with \\/, as PHP', (text) => text.replaceAll('/', '\\/')],
  ['with <, > and & escaped, as Go and Rails', (text) => escapeUnits(text, /[<>&\u2028\u2029]/g, lower)],
  ['with upper-case \\u escapes, as .NET', (text) => escapeUnits(text, /[<>&'+`\u007f-\uffff]/g, upper)],
  ['with upper-case \\u escapes', (text) => escapeUnits(text, NOT_ASCII, upper)],
];

const LAYOUTS: readonly (readonly [name: string, layout: Pick<Form, 'item' | 'colon' | 'indent'>])[] = [
  ['compact', { item: ',', colon: ':' }],
  ['with blanks after commas and colons, as Python', { item: ', ', colon: ': ' }],
  ['indented by 2', { item: ',', colon: ': ', indent: '  ' }],
  ['indented by 4', { item: ',', colon: ': ', indent: '    ' }],
  ['indented by tabs', { item: ',', colon: ': ', indent: '\t' }],
];

/** How numbers are written; a digit that was lost is guessed only as amounts and floats have it. */
const NUMBERS: readonly (readonly [name: string, write: (text: string) => string])[] = [
  ['', (text) => text],
  [', numbers as JavaScript', (text) => String(Number(text))],
  [', amounts with two decimals', (text) => (/^-?\d+\.\d$/.test(text) ? `${text}0` : text)],
  [', numbers with .0', (text) => (/^-?\d+$/.test(text) ? `${text}.0` : text)],
];

/** Every form, the commonest first. */
const FORMS: readonly Form[] = [false, true].flatMap((sorted) =>
  NUMBERS.flatMap(([numbers, number]) =>
    ESCAPES.flatMap(([escapes, escape]) =>
      LAYOUTS.map(([layout, spacing]) => ({
        ...{
          name: `${layout}, ${escapes}${numbers}${sorted ? ', keys sorted' : ''}`,
          ...spacing,
          escape,
          sorted,
          number,
        },
      })),
    ),
  ),
);

/** The most bytes of a body that is written again. */
const MAX_BYTES = 262_144;

/** The body's JSON as other libraries write it, with the name of each form; nothing if it is not JSON, or too large. */
export function* jsonForms(body: Buffer): Generator<readonly [name: string, body: Buffer]> {
  const tree = body.length <= MAX_BYTES ? parseTree(body.toString('utf8')) : undefined;
  if (!tree) return;
  const seen = new Set<string>();
  for (const form of FORMS) {
    const text = write(tree, form, '\n');
    if (seen.has(text)) continue;
    seen.add(text);
    yield [form.name, Buffer.from(text)];
  }
}

function write(tree: Tree, form: Form, line: string): string {
  if (tree.kind === 'number') return form.number(tree.text);
  if (tree.kind === 'word') return tree.text;
  if (tree.kind === 'text') return quoted(tree.value, form);
  const inner = form.indent === undefined ? line : line + form.indent;
  const parts =
    tree.kind === 'array'
      ? tree.items.map((item) => write(item, form, inner))
      : membersOf(tree.members, form).map(
          ([name, value]) => quoted(name, form) + form.colon + write(value, form, inner),
        );
  const [open, close] = tree.kind === 'array' ? ['[', ']'] : ['{', '}'];
  if (parts.length === 0) return open + close;
  return form.indent === undefined
    ? open + parts.join(form.item) + close
    : open + inner + parts.join(form.item + inner) + line + close;
}

const membersOf = (members: readonly (readonly [string, Tree])[], { sorted }: Form) =>
  sorted ? [...members].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0)) : members;

const quoted = (text: string, { escape }: Form): string => escape(JSON.stringify(text));
