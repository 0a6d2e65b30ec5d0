import { attempt, isInstance, nameAndCode, oneLine, readOf } from './errors.ts';

/**
 * Thrown by a handler if trying again cannot help: the event is a dead letter at once. `reason` says why in some words; it is
 * kept in the ledger and shown by `ops dead-letters`, so put nothing of the event's content into it. It is recognised by its
 * name, or by the name of its class or of one that this extends, so that a handler bundled with a copy of this class, or with a
 * class of its own, means the same.
 */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}

/** A try that failed for a reason which is told from its error already, in the process in which the handler runs. */
export class TryFailed extends Error {
  constructor(reason: string) {
    super(reason);
    this.name = reason;
  }
}

/** Starts every reason that a handler gave by a {@link PermanentError}. */
const PERMANENT = 'permanent: ';
/** Characters of the longest reason that is kept. */
const MAX_LENGTH = 80;

/**
 * Why a try failed, by anything that its handler threw: the name of the error and the code of what it comes from, or what a
 * {@link PermanentError} says. Returns a short text of one line, and never throws.
 */
export function failureReason(error: unknown): string {
  if (isInstance(error, TryFailed)) return error.message;
  // A class of the customer's own can have anything as its message.
  if (isPermanentError(error))
    return `${PERMANENT}${oneLine(readOf(error, 'message'), MAX_LENGTH) || 'no reason given'}`;
  const reason = nameAndCode(error);
  return isOfGateway(reason) ? `error ${reason}` : reason;
}

/** How many classes are looked at from an error's own up: a proxy's can be endless. */
const MAX_CLASSES = 10;

function isPermanentError(error: unknown): boolean {
  if (typeof error !== 'object') return false;
  const names = [readOf(error, 'name')];
  for (let at: unknown = error; at && names.length <= MAX_CLASSES; at = prototypeOf(at))
    names.push(readOf(readOf(at, 'constructor'), 'name'));
  return names.includes('PermanentError');
}

const prototypeOf = (of: unknown): unknown => attempt(() => Object.getPrototypeOf(of) as unknown);

/**
 * The failures that the gateway itself knows to be permanent: a message that cannot be read, a body that is gone or is another
 * one, and an ordered event that ends every processor which takes it.
 */
const KNOWN = /^(message_|body_missing$|body_altered$|never_settled$)/;

/** Whether a try that failed for this reason would fail again, whenever it is made. */
export const isPermanent = (reason: string): boolean => reason.startsWith(PERMANENT) || KNOWN.test(reason);

/** Whether the gateway acts on this reason by itself: a handler's error that happens to be named so must not be taken for its. */
const isOfGateway = (reason: string): boolean => isPermanent(reason) || reason === 'busy' || reason === 'waiting';

/** The reason without a handler's own words, for logs. */
export const loggedReason = (reason: string): string => (reason.startsWith(PERMANENT) ? 'PermanentError' : reason);
