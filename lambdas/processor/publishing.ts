import { EventBridgeServiceException, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { errorName } from '../core/errors.ts';
import type { MakeHandler, Task } from '../core/process/handle.ts';
import { chunks, entryOf } from './bus-entries.ts';
import type { Entry } from './bus-entries.ts';

/** Makes the handler that publishes each event to the bus of the setting `busName`, with a client of that bus's region. */
export const publishingWith =
  (client: EventBridgeClient): MakeHandler =>
  () =>
  (tasks) => {
    const places = tasks.map(() => Promise.withResolvers<undefined>());
    void publish(client, tasks, {
      published: (index) => places[index]?.resolve(undefined),
      refused: (index, name) => places[index]?.reject(Object.assign(new Error(name), { name })),
    });
    return places.map(({ promise }) => promise);
  };

/** Told of each event that it is published, or by the name of an error why it is not. */
interface Told {
  published(index: number): void;
  refused(index: number, name: string): void;
}

async function publish(client: EventBridgeClient, tasks: readonly Task[], told: Told): Promise<void> {
  const entries: Entry[] = [];
  for (const [index, { event }] of tasks.entries()) {
    try {
      entries.push(await entryOf(event, index));
    } catch (error) {
      told.refused(index, errorName(error));
    }
  }
  for (const chunk of chunks(entries)) await put(client, chunk, told);
}

/** Puts entries with one call. If EventBridge refuses the call for one of them, each is put by itself. Never rejects. */
async function put(client: EventBridgeClient, chunk: readonly Entry[], told: Told): Promise<void> {
  try {
    const answer = await client.send(new PutEventsCommand({ Entries: chunk.map(({ request }) => request) }));
    for (const [position, { index }] of chunk.entries()) {
      const entry = answer.Entries?.[position];
      // An answer that says nothing of an event does not say that it is published.
      if (entry && entry.ErrorCode === undefined) told.published(index);
      else told.refused(index, entry?.ErrorCode ?? 'unanswered');
    }
  } catch (error) {
    if (chunk.length > 1 && isRefusal(error)) await Promise.all(chunk.map((entry) => put(client, [entry], told)));
    else for (const { index } of chunk) told.refused(index, errorName(error));
  }
}

/** Whether the call itself was at fault, so that nothing of it took effect. A call that was throttled is no better in parts. */
const isRefusal = (error: unknown): boolean =>
  error instanceof EventBridgeServiceException &&
  error.$fault === 'client' &&
  error.$retryable === undefined &&
  !THROTTLED.has(error.name);

const THROTTLED = new Set(['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded']);
