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
    const settle: Settle = (index, name) => {
      if (name === undefined) places[index]?.resolve(undefined);
      else places[index]?.reject(Object.assign(new Error(name), { name }));
    };
    void publish(client, tasks, settle);
    return places.map(({ promise }) => promise);
  };

/** Says that an event is published, or by its name why it is not. */
type Settle = (index: number, errorName?: string) => void;

async function publish(client: EventBridgeClient, tasks: readonly Task[], settle: Settle): Promise<void> {
  const entries: Entry[] = [];
  for (const [index, { event }] of tasks.entries()) {
    try {
      entries.push(await entryOf(event, index));
    } catch (error) {
      settle(index, errorName(error));
    }
  }
  for (const chunk of chunks(entries)) await put(client, chunk, settle);
}

/** Puts entries with one call. If EventBridge refuses the call for one of them, each is put by itself. Never rejects. */
async function put(client: EventBridgeClient, chunk: readonly Entry[], settle: Settle): Promise<void> {
  try {
    const answer = await client.send(new PutEventsCommand({ Entries: chunk.map(({ request }) => request) }));
    chunk.forEach(({ index }, position) => settle(index, answer.Entries?.[position]?.ErrorCode));
  } catch (error) {
    if (chunk.length > 1 && isRefusal(error)) await Promise.all(chunk.map((entry) => put(client, [entry], settle)));
    else for (const { index } of chunk) settle(index, errorName(error));
  }
}

/** Whether the call itself was at fault, so that nothing of it took effect. A call that was throttled is no better in parts. */
const isRefusal = (error: unknown): boolean =>
  error instanceof EventBridgeServiceException &&
  error.$fault === 'client' &&
  error.$retryable === undefined &&
  !THROTTLED.has(error.name);

const THROTTLED = new Set(['ThrottlingException', 'Throttling', 'TooManyRequestsException', 'RequestLimitExceeded']);
