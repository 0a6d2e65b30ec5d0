import { readForm, readLines, readMultipart } from '../content.ts';
import type { BodyViews, Event, Superseding, WebhookEvent } from '../event.ts';
import { parseJson, parseObject } from '../json.ts';

/** The event of a handler without the views of its body: nobody has parsed that yet. */
export type HandledEvent = Omit<WebhookEvent, keyof BodyViews>;

/** An event for a handler. */
export interface Task {
  readonly event: HandledEvent;
  /** Whether the queue has handed the event out before: an earlier try failed, or was ended beside another event. */
  readonly isRetry: boolean;
  /** The line that it is in; absent if it is not ordered. */
  readonly line?: string;
  /** The id of the order by which it is processed again; absent if it is not. */
  readonly order?: string;
}

/** Handles events side by side. Returns a promise per event, in their order; each settles when its own event is done. */
export type HandleEvents = (tasks: readonly Task[]) => readonly Promise<unknown>[];

/** The fields of an event that a handler gets. */
export function toHandled(event: Event, supersededBy?: Superseding): HandledEvent {
  const { source, provider, key, keyKind, type, time, receivedAt, via, contentType, body, coverage, pointer } = event;
  return {
    ...{ source, provider, key, type, receivedAt, via, contentType, body },
    ...(keyKind && { keyKind }),
    ...(time !== undefined && { time }),
    ...(coverage && { coverage }),
    ...(pointer !== undefined && { pointer }),
    ...(supersededBy && { supersededBy }),
  };
}

/** The views of a body that a handler may ask for. Only `json` is copied with the event, as it always was. */
const VIEWS: { readonly [View in keyof BodyViews]-?: (body: Buffer) => BodyViews[View] } = {
  json: parseObject,
  value: parseJson,
  form: readForm,
  parts: readMultipart,
  lines: (body) => readLines(body)?.map(({ value }) => value),
};

/**
 * The event as a handler gets it. Its body is parsed when a view of it is first read, and not before: a large body that nests
 * takes fifty times its size in memory, and a handler may never look at it.
 */
export function toWebhookEvent(event: HandledEvent): WebhookEvent {
  const webhookEvent: WebhookEvent = { ...event };
  for (const [name, read] of Object.entries(VIEWS)) {
    const enumerable = name === 'json';
    const keep = (value: unknown): void =>
      void Object.defineProperty(webhookEvent, name, { value, enumerable, writable: true, configurable: true });
    const get = (): unknown => {
      const value = read(event.body);
      keep(value);
      return value;
    };
    Object.defineProperty(webhookEvent, name, { get, set: keep, enumerable, configurable: true });
  }
  return webhookEvent;
}

/** Makes the handler of one invocation; `remainingMs` says how many milliseconds the invocation has left. */
export type MakeHandler = (remainingMs: () => number) => HandleEvents;
