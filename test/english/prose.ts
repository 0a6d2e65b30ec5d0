/** The sentences of a file, at their own places: everything else is blank, so that an index still tells the line. */

/** A mark for code between two comments: no rule looks across it. */
const GAP = '¶';

const blank = (text: string): string => text.replaceAll(/[^\n]/g, ' ');

/** Blanks code and keeps a barrier in its place; white space alone joins what is on both sides of it. */
const blankCode = (code: string): string => (code.trim() === '' ? blank(code) : blank(code).replace(' ', GAP));

/** A quotation of code reads as a noun: `retry()` becomes XXXXXXX. */
const nounsForCode = (text: string): string =>
  text
    .replaceAll(/`[^`\n]*`/g, (code) => 'X'.repeat(code.length))
    .replaceAll(/\{@link [^}\n]*\}/g, (link) => 'X'.repeat(link.length));

/** Strings come before comments, so that `https://` in a text begins none. A comment begins a line or follows a blank. */
const TOKEN =
  /(?<text>'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|`(?:[^`\\]|\\.)*`)|(?<comment>\/\*.*?\*\/|(?<![^\s{(,;])\/\/[^\n]*)/gs;

const bareComment = (comment: string): string =>
  nounsForCode(comment.replaceAll(/\/\*+|\*+\/|^[ \t]*\*(?!\/)|\/\/+/gm, blank));

/** A text of the code, if it can be a sentence: four words or more, and no expression of DynamoDB's. A placeholder reads as a noun. */
const bareText = (text: string): string => {
  const inner = text.slice(1, -1).replaceAll(/\$\{[^}]*\}/g, (placeholder) => 'X'.repeat(placeholder.length));
  return /(?:\p{L}\S*\s+(?:\P{L}*\s)?){3,}\p{L}/u.test(inner) && !/[#=:]\w+ (?:=|IN)|attribute_not_exists/.test(inner)
    ? ` ${inner} `
    : blankCode(text);
};

function keep(code: string, group: 'comment' | 'text', bare: (token: string) => string): string {
  let prose = '';
  let end = 0;
  for (const match of code.matchAll(TOKEN)) {
    const token = match.groups?.[group];
    if (token === undefined) continue;
    prose += blankCode(code.slice(end, match.index)) + bare(token);
    end = match.index + token.length;
  }
  return prose + blankCode(code.slice(end));
}

/** The comments of TypeScript or JavaScript, without their marks. */
export const commentsOf = (code: string): string => keep(code, 'comment', bareComment);

/** The texts of TypeScript or JavaScript that are long enough for a sentence: messages, descriptions, questions. */
export const textsOf = (code: string): string => keep(code, 'text', bareText);

/** Markdown without its fenced blocks, addresses of links, and HTML comments. */
export const pageOf = (markdown: string): string =>
  nounsForCode(
    markdown
      .replaceAll(/^```.*?^```$/gms, blankCode)
      .replaceAll(/<!--.*?-->/gs, blankCode)
      .replaceAll(/(?<=\])\([^)\s]*\)/g, blank)
      .replaceAll(/^$|\|/gm, GAP),
  );

/** Words, for a rate per thousand. */
export const countWords = (prose: string): number => [...prose.matchAll(/\p{L}[\p{L}\p{N}’'-]*/gu)].length;
