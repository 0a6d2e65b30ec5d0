const NEEDS_NO_QUOTES = /^[\w./:@+,-]+$/;

/** Returns the text as one word of a POSIX shell: as it is if it can stand so, else in single quotes. */
export const shellWord = (text: string): string =>
  NEEDS_NO_QUOTES.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
