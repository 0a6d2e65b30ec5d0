import { readJsonAnswer, readNextLink } from '../../core/http/api-answer.ts';
import type { JsonObject } from '../../core/json.ts';
import { parseObject } from '../../core/json.ts';
import { readIdText } from '../../core/schemes/fields.ts';
import { readEntries, unreadableEntry } from '../../core/poll/list.ts';
import type { Acknowledging, ApiCall, MissedEvent, MissedEvents } from '../../core/missed-events.ts';
import type { Envelope } from '../../core/envelope.ts';
import { receivedBody } from '../../core/received.ts';
import type { Received } from '../../core/received.ts';
import { ok, refuse } from '../../core/result.ts';
import { optumHeaders, optumUrl } from './api.ts';

type ReadEvents = (received: Received) => Envelope;

/**
 * Optum's "Missed Events API". Its answer is an array of `{id, eventName, subscriptionId, eventPayload, failurePayload}`; what
 * follows the list, how it is acknowledged and how the circuit is reopened are assumptions (docs/providers/optum.md).
 */
export const optumMissedEvents = (readEvents: ReadEvents): MissedEvents => ({
  async list({ next }, api) {
    const url = optumUrl(api.options, 'missedEventsPath');
    const answer = await api.http({ method: 'GET', url: next ?? url, headers: optumHeaders(api.options) });
    const list = readJsonAnswer(answer);
    if (!list.ok) return list;
    if (!Array.isArray(list.value)) return refuse('not_a_list');
    const following = readNextLink(answer, url);
    if (!following.ok) return following;
    return ok({
      entries: readEntries(list.value, (entry) => readMissedEvent(entry, api, readEvents), placeOf),
      next: following.value,
    });
  },
  acknowledging,
});

const acknowledging: Acknowledging = {
  batchSize: 100,
  acknowledge: (ids, api) => post(api, 'acknowledgePath', { ids }),
  async isCircuitOpen({ http, options }) {
    const url = optumUrl(options, 'subscriptionPath');
    const answer = readJsonAnswer(await http({ method: 'GET', url, headers: optumHeaders(options) }));
    const state = answer.ok ? (answer.value as Partial<JsonObject> | null)?.circuitState : undefined;
    return typeof state === 'string' ? state.toLowerCase() === 'open' : undefined;
  },
  reopen: (api) => post(api, 'reopenPath', {}),
};

async function post({ http, options }: ApiCall, path: 'acknowledgePath' | 'reopenPath', body: object): Promise<number> {
  const headers = { ...optumHeaders(options), 'content-type': 'application/json' };
  return (await http({ method: 'POST', url: optumUrl(options, path), headers, body: JSON.stringify(body) })).status;
}

/**
 * The event key of what is listed is computed from `eventPayload` by the rule for what is delivered, so that the same event
 * has the same key both ways. An entry that cannot be read is itself the body of what goes into quarantine.
 */
function readMissedEvent(entry: JsonObject, { options, now }: ApiCall, readEvents: ReadEvents): MissedEvent {
  const { eventPayload } = entry;
  const place = placeOf(entry);
  if (eventPayload === undefined || eventPayload === null) return unreadableEntry(entry, 'payload_missing', place);
  if (typeof eventPayload !== 'string') return unreadableEntry(entry, 'payload_not_text', place);
  const body = Buffer.from(eventPayload);
  if (!parseObject(body)) return unreadableEntry(entry, 'payload_not_json', place);
  const envelope = readEvents(receivedBody(body, { now, options }));
  const event = { body, envelope, ...place };
  return place.acknowledgeId === undefined ? { ...event, malformed: 'entry_without_id' } : event;
}

const placeOf = ({ id }: JsonObject) => ({ acknowledgeId: readIdText(id) });
