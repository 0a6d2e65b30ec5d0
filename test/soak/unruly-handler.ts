import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { busSource } from '../../lambdas/contract.ts';
import type { EventHandler } from '../../lambdas/core/event.ts';

/** The bus of the runs' stack: an effect there is counted like every other. */
const BUS = 'hookgate-soak';
const client = new EventBridgeClient();

/** Of the tries, how many do each of these; the others have their effect. */
const MISDEEDS: readonly (readonly [share: number, misdeed: () => Promise<unknown>])[] = [
  [0.004, () => new Promise(() => setInterval(() => undefined, 1000))],
  [0.002, () => loopForever()],
  [0.006, () => process.exit(1)],
  [0.006, () => Promise.reject(new RangeError('a failure of the customer'))],
  [0.001, () => fillTheHeap()],
];

/** A customer's handler that now and then hangs, loops, exits, throws or fills its memory, and has its effect otherwise. */
export const handler: EventHandler = async ({ source, key, type }) => {
  const chance = Math.random();
  let below = 0;
  await MISDEEDS.find(([share]) => chance < (below += share))?.[1]();
  const detail = { metadata: { source, key }, event: null };
  const entry = { EventBusName: BUS, Source: busSource(source), DetailType: type, Detail: JSON.stringify(detail) };
  const { Entries: [answer] = [] } = await client.send(new PutEventsCommand({ Entries: [entry] }));
  if (answer?.ErrorCode !== undefined) throw new Error(answer.ErrorCode);
};

function loopForever(): never {
  for (;;);
}

function fillTheHeap(): never {
  const all: unknown[] = [];
  for (;;) all.push(Array.from({ length: 1000 }, () => ({})));
}
