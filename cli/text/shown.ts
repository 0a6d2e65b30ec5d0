/**
 * Characters that nobody would see for what they are: control characters, bidirectional marks, line breaks, unassigned and
 * invisible characters, and every blank but the plain one.
 */
const HIDDEN = /(?! )[\p{C}\p{Z}\p{Default_Ignorable_Code_Point}]/gu;

const NAMED: Readonly<Record<string, string>> = { '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/**
 * Returns the text as one line that is safe on a terminal: each hidden character is an escape such as `\u202e`. A sender
 * chooses keys, types and bodies, so everything that is printed for a person passes through here.
 */
export const shown = (text: string): string => text.replaceAll(HIDDEN, (hidden) => NAMED[hidden] ?? escaped(hidden));

/** Whether a person sees the text exactly as it is. */
export const isPlain = (text: string): boolean => shown(text) === text;

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code > 0xffff ? `\\u{${code.toString(16)}}` : unit(code);
}

const unit = (code: number): string => `\\u${code.toString(16).padStart(4, '0')}`;

/** JSON for a program and safe on a terminal: the same value, with hidden characters as JSON's own escapes. */
export const shownJson = (value: unknown): string =>
  JSON.stringify(value, null, 2)
    .split('\n')
    .map((line) => line.replaceAll(HIDDEN, (hidden) => Array.from(unitsOf(hidden), unit).join('')))
    .join('\n');

function* unitsOf(text: string): Generator<number> {
  for (let index = 0; index < text.length; index++) yield text.charCodeAt(index);
}
