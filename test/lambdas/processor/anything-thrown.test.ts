import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { deserialize, serialize } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { encodeMessage } from '../../../lambdas/core/message.ts';
import { PermanentError } from '../../../lambdas/core/permanent-error.ts';
import type { HandleEvents } from '../../../lambdas/core/process/handle.ts';
import { runIsolated } from '../../../lambdas/core/process/isolated-batch.ts';
import { processBatch } from '../../../lambdas/core/process/process.ts';
import type { Reports, Runner } from '../../../lambdas/core/process/runner.ts';
import { demandDone } from '../../../lambdas/processor/handler-shape.ts';
import { outcomeOf } from '../../../lambdas/processor/outcome.ts';
import { tell } from '../../../lambdas/processor/runner-messages.ts';
import type { Outcome } from '../../../lambdas/processor/runner-messages.ts';
import {
  makeEvent,
  MemoryArchive,
  MemoryBodies,
  MemoryLedger,
  memoryRetries,
  recordingObserver,
} from '../core/in-memory.ts';

type Handler = (key: string) => unknown;

const revoked = (target: object): unknown => {
  const { proxy, revoke } = Proxy.revocable(target, {});
  revoke();
  return proxy;
};
const refuse = (): never => {
  throw new Error('looked at');
};
/** Throws whenever a property of it is read, and when somebody asks for its class. */
const untouchable = new Proxy(new Error('x'), { get: refuse, getPrototypeOf: refuse, has: refuse, ownKeys: refuse });
const named = (name: unknown): Error => Object.defineProperty(new Error('of the customer'), 'name', { value: name });
const circular = new Error('x');
circular.cause = circular;

/** Values that are known to be thrown, or to have been taken for something else. */
const KNOWN: readonly unknown[] = [
  ...[undefined, null, false, 0, Number.NaN, 10n, '', 'text', Symbol('x'), () => 1, Error],
  ...[named(undefined), named(null), named(404), named(''), named(' \n'), named({}), named(Symbol('x'))],
  ...[named('x'.repeat(1_000_000)), named('a\u0000b\u202Ec\nd'), named('\uD800'), named(`${'x'.repeat(59)}😀`)],
  ...[
    revoked({}),
    revoked(() => 1),
    untouchable,
    Object.freeze(new Error('x')),
    Object.create(null) as unknown,
    circular,
  ],
  ...[Object.defineProperty(new Error('x'), 'name', { get: refuse }), new AggregateError([untouchable], 'x')],
  ...[
    { then: refuse },
    { name: 'TimeoutError' },
    runInNewContext("new TypeError('x')") as unknown,
    new PermanentError('no'),
  ],
  ...[Object.assign(new PermanentError(''), { message: untouchable }), new Error('x', { cause: untouchable })],
  Object.assign(new Error('x'), { code: untouchable, errors: untouchable }),
];

// eslint-disable-next-line @typescript-eslint/prefer-promise-reject-errors -- that a handler may reject with anything is what is tested
const rejected = (value: unknown): Promise<never> => Promise.reject(value);

/** The ways in which a handler fails with a value. */
const WAYS: Readonly<Record<string, (value: unknown) => unknown>> = {
  throws(value) {
    throw value;
  },
  rejects: (value) => rejected(value),
  'returns a thenable': (value) => ({
    then: (_: unknown, reject: (reason: unknown) => void) => {
      reject(value);
    },
  }),
  'returns promises': (value) => [Promise.resolve(), rejected(value)],
};

/** Calls the handler beside the processor, as a target is. */
const beside =
  (handler: Handler): HandleEvents =>
  (tasks) =>
    tasks.map(async ({ event: { key } }) => demandDone(await handler(key)));

/** Calls it in a process of its own, but for the process: what it tells is copied as between two. */
const apart =
  (handler: Handler): HandleEvents =>
  (tasks) =>
    runIsolated(tasks, {
      ...{ patienceMs: 1_000, after: () => () => undefined, keep: () => undefined },
      open: (reports: Reports): Runner => {
        queueMicrotask(() => reports.ready());
        return {
          end: () => Promise.resolve(),
          run(place, { key }) {
            reports.started(place);
            const result = (async () => demandDone(await handler(key)))();
            void outcomeOf(place, result).then((outcome) => {
              tell(deserialize(serialize(outcome)) as Outcome, reports);
            });
            reports.ready();
          },
        };
      },
    });

/** Processes an event whose handler fails with a value, beside another event, and judges what became of the two. */
async function judge(value: unknown, fail: (value: unknown) => unknown, run: (handler: Handler) => HandleEvents) {
  const ledger = new MemoryLedger(() => Date.parse('2026-01-02T03:04:06.000Z'));
  const { retries, ...retried } = memoryRetries();
  const events = [makeEvent({ key: 'fails' }), makeEvent({ key: 'neighbour' })];
  const records = events.map((event) => ({ id: event.key, text: encodeMessage(event) }));
  const left = await processBatch(records, {
    ...{ ...retried, retries, ledger, observer: recordingObserver(), clock: ledger.clock, leaseMs: 40_000 },
    ...{ bodies: new MemoryBodies(), archive: new MemoryArchive(), archivedIn: 'place', owner: 'request' },
    handle: run((key) => (key === 'fails' ? fail(value) : undefined)),
  });
  const [failed, neighbour] = events.map((event) => ledger.find(event));
  expect([failed?.status, neighbour?.status]).toEqual(['QUEUED', 'PROCESSED']);
  expect(left.length + retries.deadLetters.length).toBe(1);
  expect(failed?.failures).toEqual([expect.stringMatching(/^(?! )[^\p{C}]{1,100}(?<! )$/u)]);
}

describe.each([
  ['beside the processor', beside],
  ['in a process of its own', apart],
])('an event whose handler fails (%s)', (_where, run) => {
  it.each(Object.entries(WAYS))('has failed, and its neighbour is processed: it %s', async (_way, fail) => {
    for (const value of KNOWN) await judge(value, fail, run);
    const anything = fc.oneof(fc.anything(), fc.anything().map(named));
    await fc.assert(
      fc.asyncProperty(anything, (value) => judge(value, fail, run)),
      { numRuns: 100 },
    );
  });
});
