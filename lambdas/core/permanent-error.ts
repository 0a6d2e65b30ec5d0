import { errorName } from './errors.ts';

/**
 * Thrown by a handler if trying again cannot help: the event is a dead letter at once. `reason` says why in some words; it is
 * kept in the ledger and shown by `ops dead-letters`, so put nothing of the event's content into it. It is recognised by its
 * name, or by the name of its class, so that a handler bundled with a copy of this class, or with a class of its own, means the same.
 */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
}

/** Starts every reason that a handler gave by a {@link PermanentError}. */
const PERMANENT = 'permanent: ';
/** Characters of the longest reason that is kept. */
const MAX_LENGTH = 80;

/** Why a try failed: the name of the error, or what a handler's {@link PermanentError} says, on one line. */
export function failureReason(error: unknown): string {
  if (!isPermanentError(error)) return errorName(error);
  // A class of the customer's own can have anything as its message.
  const { message } = error;
  const said = (typeof message === 'string' ? message : '').replaceAll(/[\p{C}\s]+/gu, ' ').trim();
  return `${PERMANENT}${said.slice(0, MAX_LENGTH) || 'no reason given'}`;
}

const isPermanentError = (error: unknown): error is { readonly message?: unknown } =>
  typeof error === 'object' &&
  error !== null &&
  [
    (error as { readonly name?: unknown }).name,
    (error.constructor as { readonly name?: unknown } | undefined)?.name,
  ].includes('PermanentError');

/**
 * The failures that the gateway itself knows to be permanent: a message that cannot be read, a body that is gone or is another
 * one, and an ordered event that ends every processor which takes it.
 */
const KNOWN = /^(message_|body_missing$|body_altered$|never_settled$)/;

/** Whether a try that failed for this reason would fail again, whenever it is made. */
export const isPermanent = (reason: string): boolean => reason.startsWith(PERMANENT) || KNOWN.test(reason);

/** The reason without a handler's own words, for logs. */
export const loggedReason = (reason: string): string => (reason.startsWith(PERMANENT) ? 'PermanentError' : reason);
