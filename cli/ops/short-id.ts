import { keyDigest } from '../../lambdas/core/event-key.ts';
import type { EventKey } from '../../lambdas/core/event-key.ts';
import { OperatorError } from '../operator-error.ts';

const PREFIX = 'id:';
const SHORT_ID = /^id:[\da-f]{16}$/;

/** A name of an event that is easy to paste and holds nothing that a sender chose: the start of the SHA-256 of its key. */
export const shortId = (key: EventKey): string => PREFIX + keyDigest(key);

/** Whether a text is a short id. A key that looks like one is named by its own short id alone: no key stands for another. */
export const looksLikeShortId = (text: string): boolean => SHORT_ID.test(text);

/** Whether an operator who typed `given` can mean the event with this key. */
export const isNamed = (key: EventKey, given: string): boolean =>
  looksLikeShortId(given) ? shortId(key) === given : key.key === given;

/** The error that a key names several events. */
export const severalEvents = (given: string, keys: readonly EventKey[]): OperatorError =>
  new OperatorError(
    `"${given}" is the key of several events: name one by its short id, ${keys.map(shortId).join(' or ')}.`,
  );
