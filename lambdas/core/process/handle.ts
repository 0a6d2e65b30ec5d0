import type { Event, WebhookEvent } from '../event.ts';
import { parseObject } from '../json.ts';

/** Handles events side by side; the results are in the order of the events. */
export type HandleBatch = (events: readonly WebhookEvent[]) => Promise<readonly PromiseSettledResult<unknown>[]>;

/** The handler's results; a handler that throws as a whole has failed every event. */
export async function handleAll(events: readonly Event[], handle: HandleBatch): ReturnType<HandleBatch> {
  try {
    return await handle(events.map(toWebhookEvent));
  } catch (reason) {
    return events.map(() => ({ status: 'rejected', reason }));
  }
}

function toWebhookEvent(event: Event): WebhookEvent {
  const { source, provider, key, keyKind, type, time, receivedAt, via, contentType, body } = event;
  const json = parseObject(body);
  return {
    ...{ source, provider, key, type, receivedAt, via, contentType, body },
    ...(keyKind && { keyKind }),
    ...(time !== undefined && { time }),
    ...(json && { json }),
  };
}
