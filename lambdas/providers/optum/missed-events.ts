import { readJsonAnswer, readNextLink } from '../../core/http/api-answer.ts';
import type { ReadContext } from '../../core/envelope.ts';
import type { JsonObject } from '../../core/json.ts';
import { parseObject } from '../../core/json.ts';
import { readId } from '../../core/schemes/fields.ts';
import type { Acknowledging, ApiCall, MalformedReason, MissedEvent, MissedEvents } from '../../core/missed-events.ts';
import type { Provider } from '../../core/provider.ts';
import { ok, refuse } from '../../core/result.ts';
import { optumHeaders, optumUrl } from './api.ts';

type ReadEnvelope = Provider['readEnvelope'];

/**
 * Optum's "Missed Events API". Its answer is an array of `{id, eventName, subscriptionId, eventPayload, failurePayload}`; what
 * follows the list, how it is acknowledged and how the circuit is reopened are assumptions (docs/providers/optum.md).
 */
export const optumMissedEvents = (readEnvelope: ReadEnvelope): MissedEvents => ({
  async list({ next }, api) {
    const url = optumUrl(api.options, 'missedEventsPath');
    const answer = await api.http({ method: 'GET', url: next ?? url, headers: optumHeaders(api.options) });
    const list = readJsonAnswer(answer);
    if (!list.ok) return list;
    if (!Array.isArray(list.value)) return refuse('not_a_list');
    const following = readNextLink(answer, url);
    if (!following.ok) return following;
    return ok({
      entries: list.value.map((entry: unknown) => readEntry(entry, api, readEnvelope)),
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
function readEntry(entry: unknown, { options, now }: ApiCall, readEnvelope: ReadEnvelope): MissedEvent {
  const unreadable = (malformed: MalformedReason, acknowledgeId?: string): MissedEvent => ({
    body: Buffer.from(JSON.stringify(entry)),
    envelope: { quarantine: 'unreadable_missed_event' },
    acknowledgeId,
    malformed,
  });
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return unreadable('entry_not_object');
  const { id, eventPayload } = entry as JsonObject;
  const acknowledgeId = readId(id);
  if (eventPayload === undefined || eventPayload === null) return unreadable('payload_missing', acknowledgeId);
  if (typeof eventPayload !== 'string') return unreadable('payload_not_text', acknowledgeId);
  const body = Buffer.from(eventPayload);
  const json = parseObject(body);
  if (!json) return unreadable('payload_not_json', acknowledgeId);
  const context: ReadContext = { now, options };
  const event = { body, envelope: readEnvelope(json, body, context), acknowledgeId };
  return acknowledgeId === undefined ? { ...event, malformed: 'entry_without_id' } : event;
}
