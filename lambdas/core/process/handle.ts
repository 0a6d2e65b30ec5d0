import type { Event, WebhookEvent } from '../event.ts';
import { parseObject } from '../json.ts';

/** The event of a handler without its JSON: nobody has parsed the body yet. */
export type HandledEvent = Omit<WebhookEvent, 'json'>;

/** An event for a handler. */
export interface Task {
  readonly event: HandledEvent;
  /** Whether the queue has handed the event out before: an earlier try failed, or was ended beside another event. */
  readonly isRetry: boolean;
}

/** Handles events side by side. Returns a promise per event, in their order; each settles when its own event is done. */
export type HandleEvents = (tasks: readonly Task[]) => readonly Promise<unknown>[];

/** The fields of an event that a handler gets. */
export function toHandled(event: Event): HandledEvent {
  const { source, provider, key, keyKind, type, time, receivedAt, via, contentType, body, coverage, pointer } = event;
  return {
    ...{ source, provider, key, type, receivedAt, via, contentType, body },
    ...(keyKind && { keyKind }),
    ...(time !== undefined && { time }),
    ...(coverage && { coverage }),
    ...(pointer !== undefined && { pointer }),
  };
}

/**
 * The event as a handler gets it. Its `json` is parsed when it is first read, and not before: a large body that nests takes
 * fifty times its size in memory, and a handler may never look at it.
 */
export function toWebhookEvent(event: HandledEvent): WebhookEvent {
  const keep = (json: WebhookEvent['json']): void =>
    void Object.defineProperty(webhookEvent, 'json', { value: json, enumerable: true, writable: true });
  const webhookEvent: WebhookEvent = Object.defineProperty({ ...event }, 'json', {
    enumerable: true,
    configurable: true,
    get() {
      const json = parseObject(event.body);
      keep(json);
      return json;
    },
    set: keep,
  });
  return webhookEvent;
}

/** Makes the handler of one invocation; `remainingMs` says how many milliseconds the invocation has left. */
export type MakeHandler = (remainingMs: () => number) => HandleEvents;
