import { EACH, eachOf, elementsOf } from '../../core/batch.ts';
import type { Element, ItemReader } from '../../core/batch.ts';
import type { Envelope } from '../../core/envelope.ts';
import { derivedKey, keyOfBody } from '../../core/event-key.ts';
import { fingerprintOf } from '../../core/fingerprint.ts';
import { sha256 } from '../../core/hash.ts';
import { isObject } from '../../core/json.ts';
import { readId, readIdText, readText } from '../../core/schemes/fields.ts';
import { readUnixMilliseconds, readUnixTime } from '../../core/schemes/time.ts';

/**
 * The events of one account or page: one for each message, status or other change in it. Another try can put these
 * together otherwise, so that none is known by the entry. Each has the entry as its body, which says whose it is.
 */
const readEntry: ItemReader = (entry, { json }, pointer, text) => {
  const account = readIdText(entry.id) ?? '';
  // The time of an item is not read: the samples that the App Dashboard sends are of 2017, and would wait as replays.
  const sentAt = readUnixTime(entry.time) ?? readUnixMilliseconds(entry.time);
  const changes = elementsOf(text, ['changes', EACH]).flatMap((change) => readChange(change, account, sentAt));
  const messaging = ['messaging', 'standby'].flatMap((type) =>
    // A message and what becomes of it later have one `mid`: the text tells them apart, and has a time of its own.
    elementsOf(text, [type, EACH]).map((each) => ({
      ...readElement(each, ownKey(account, each)),
      ...{ type, time: sentAt },
    })),
  );
  const events = [...changes, ...messaging];
  if (events.length === 0) return { key: keyOfBody(sha256(text)), type: readText(json.object), time: sentAt };
  return events.map((event) => ({ ...event, pointer: pointer + event.pointer }));
};

/** A change of a field: each message and each status in it, or else the change itself. */
function readChange(change: Element, account: string, sentAt: Date | undefined): readonly Placed[] {
  const type = isObject(change.item) ? readText(change.item.field) : undefined;
  const within = (name: string, keyOf: (item: unknown) => Envelope['key']): Placed[] =>
    elementsOf(change.text, ['value', name, EACH]).map((each) => ({
      ...readElement(each, keyOf(each.item) ?? ownKey(account, each)),
      ...{ type, time: sentAt, pointer: change.pointer + each.pointer },
    }));
  const events = [...within('messages', messageKey), ...within('statuses', statusKey)];
  // Only the time at which it was sent tells a change from one before that was the same.
  const key = ownKey(`${account} ${sentAt?.getTime() ?? ''}`, change);
  return events.length > 0 ? events : [{ ...readElement(change, key), type, time: sentAt }];
}

interface Placed extends Envelope {
  readonly pointer: string;
}

const readElement = ({ item, text, pointer }: Element, key: Envelope['key']): Placed => ({
  ...{ key, pointer, fingerprint: fingerprintOf(text.toString()) },
  quarantine: isObject(item) ? undefined : 'not_json',
});

const ownKey = (before: string, { text }: Element) => keyOfBody(sha256(`${before} ${sha256(text)}`));

const messageKey = (item: unknown): Envelope['key'] => (isObject(item) ? readId(item.id) : undefined);

/** A message has several statuses one after the other, and in a group each for every participant. */
function statusKey(item: unknown): Envelope['key'] {
  if (!isObject(item)) return undefined;
  const [id, status] = [readIdText(item.id), readText(item.status)];
  const whose = readIdText(item.recipient_participant_id);
  if (id === undefined || status === undefined) return undefined;
  return derivedKey(status, whose === undefined ? id : `${id} ${whose}`);
}

export const readEvents = eachOf(['entry', EACH], readEntry);
