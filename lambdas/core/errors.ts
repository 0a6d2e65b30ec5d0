/** Characters of the longest name that is kept: a handler's error can have any text as its name. */
const MAX_NAME_LENGTH = 60;
/** The kind of constant that Node, its clients and databases give as a code: too short and plain to hold anything of an event. */
const CODE = /^[A-Z][A-Z_0-9]{2,38}$/;
/** How many causes of causes are looked at: a chain of them can be a circle. */
const MAX_DEPTH = 4;

/**
 * The name of anything that was thrown, and nothing else of it: a message can carry content. Returns a short text of one line, and
 * never throws: an error's name can be missing, a number, as long as a body, or a getter that throws.
 */
export function errorName(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  return oneLine(readOf(error, 'name'), MAX_NAME_LENGTH) || (isInstance(error, Error) ? 'Error' : 'object');
}

/** The code of what an error comes from, such as `ECONNREFUSED`: its own, or one of its causes. Undefined if none has a code. */
export function errorCode(error: unknown, depth = 0): string | undefined {
  const code = readOf(error, 'code');
  if (typeof code === 'string' && CODE.test(code)) return code;
  if (depth === MAX_DEPTH) return undefined;
  const causes = [readOf(error, 'cause'), readOf(readOf(error, 'errors'), '0')];
  return causes.map((cause) => (cause === undefined ? undefined : errorCode(cause, depth + 1))).find(Boolean);
}

/** The name of anything that was thrown, and the code of what it comes from: `TypeError ECONNREFUSED`. */
export function nameAndCode(error: unknown): string {
  const [name, code] = [errorName(error), errorCode(error)];
  return code === undefined || name.includes(code) ? name : `${name} ${code}`;
}

/** Whether something that was thrown is of a class. A proxy may refuse to say so: then it is not. */
export const isInstance = <Type>(thrown: unknown, type: abstract new (...args: never) => Type): thrown is Type =>
  attempt(() => thrown instanceof type) === true;

/** A property of something that was thrown; undefined if it has none, or if reading it throws. */
export const readOf = (thrown: unknown, name: string): unknown =>
  attempt(() => (thrown as Readonly<Record<string, unknown>> | undefined)?.[name]);

/** The result of a look at something that was thrown; undefined if the look throws. */
export function attempt<Seen>(look: () => Seen): Seen | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}

/** The first characters of a text, on one line and without what cannot be printed; empty if the value is not a text. */
export function oneLine(value: unknown, length: number): string {
  if (typeof value !== 'string') return '';
  const printable = value
    .slice(0, 4 * length)
    .replaceAll(/[\p{C}\s]+/gu, ' ')
    .trim();
  // Half of a character that takes two is of no use to anybody, and DynamoDB refuses it.
  return printable
    .slice(0, length)
    .replace(/\p{Cs}$/u, '')
    .trim();
}

/** An error that says why by a word of this code: its message is the reason, and nothing of what was sent or received. */
export abstract class ReasonError<Reason extends string = string> extends Error {
  readonly reason: Reason;

  constructor(reason: Reason) {
    super(reason);
    this.reason = reason;
  }
}

/** Why something failed, in one word: the reason if the error carries one, else the error's name. */
export const reasonOf = (error: unknown): string =>
  isInstance(error, ReasonError) ? String(error.reason) : errorName(error);
