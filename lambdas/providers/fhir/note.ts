import type { Received } from '../../core/received.ts';
import type { SubscriptionNote } from '../../core/subscription-note.ts';
import { readNotification } from './notification.ts';

const TYPES = ['handshake', 'heartbeat', 'event-notification', 'query-status', 'query-event'];
const STATUSES = ['requested', 'active', 'error', 'off', 'entered-in-error'];
const FAILING = ['error', 'off', 'entered-in-error'];

/** A word of the standard, or `other`: a metric's dimension is not a sender's to choose. */
const known = (word: string, words: readonly string[]): string => (words.includes(word) ? word : 'other');

/** The note that is kept of a notification's Subscription; undefined if it is not one, or names no Subscription. */
export function noteOf({ json }: Pick<Received, 'json'>): SubscriptionNote | undefined {
  const notification = readNotification(json);
  if (notification?.subscription === undefined || notification.isAmbiguous) return undefined;
  const { subscription, type, status, count, hasErrors, events } = notification;
  return {
    ...{ subscription, count, events: events.length, isFailing: hasErrors || FAILING.includes(status ?? '') },
    type: known(type ?? '', TYPES),
    status: status === undefined ? undefined : known(status, STATUSES),
  };
}
