import { afterEach, beforeEach, expect, it, jest } from '@jest/globals';
import { dynamoLedger } from '../../../../lambdas/adapters/ledger.ts';
import { sqsQueue } from '../../../../lambdas/adapters/queue.ts';
import { cachedSecrets } from '../../../../lambdas/adapters/secrets.ts';
import { MAX_MESSAGE_BYTES } from '../../../../lambdas/contract.ts';
import { receive } from '../../../../lambdas/core/receive/receive.ts';
import { athenahealth } from '../../../../lambdas/providers/athenahealth.ts';
import { recordingObserver } from '../../core/in-memory.ts';
import { NOW, secretsOf, signed, sourceOf } from '../deliveries.ts';

/** Milliseconds that every call of AWS takes here, many times what most take. A new container makes six in a row at most. */
const CALL_MS = 150;

beforeEach(() => void jest.useFakeTimers({ now: NOW }));
afterEach(() => void jest.useRealTimers());

const notificationOf = (events: number, padding: number): Buffer =>
  Buffer.from(
    JSON.stringify({
      ...{ resourceType: 'Bundle', type: 'history' },
      entry: [
        {
          resource: {
            ...{ resourceType: 'SubscriptionStatus', type: 'event-notification', status: 'active' },
            subscription: { reference: 'Subscription/7' },
            notificationEvent: Array.from({ length: events }, (_, index) => ({
              ...{ id: `event-${index}`, eventNumber: '1', focus: { reference: `Encounter/${index}` } },
              extension: [{ url: 'urn:padding', valueString: 'x'.repeat(padding) }],
            })),
          },
        },
      ],
    }),
  );

/** A delivery to a new container: it has read no secret yet. Resolves to the answer, and the milliseconds until it. */
async function answered(body: Buffer) {
  const slow = async <Value>(value: Value): Promise<Value> => {
    await new Promise((resolve) => setTimeout(resolve, CALL_MS));
    return value;
  };
  const { stored } = secretsOf(athenahealth);
  const send = ({ input: { VersionStage: stage } }: { readonly input: { readonly VersionStage?: string } }) =>
    slow(stage === undefined ? {} : { SecretString: stored, VersionId: stage, CreatedDate: NOW });
  const client = { send } as never;
  const source = { ...sourceOf(athenahealth), maxBodyBytes: 4_000_000 };
  const [clock, observer] = [() => Date.now(), recordingObserver()];
  const queue = sqsQueue('https://sqs.us-east-1.amazonaws.com/1/q', client, { put: () => slow('body') });
  const ports = {
    ...{ clock, observer, queue, quarantine: queue },
    ledger: dynamoLedger({ table: 'ledger', windowSeconds: 86_400, clock, client }),
    secrets: cachedSecrets({ secretArn: 'secret', previousGraceMs: 0, clock, observer, client }),
    notes: { heard: () => slow(undefined) },
  };
  const answer = receive(signed(athenahealth, body, { headers: {} }), source, ports);
  await jest.runAllTimersAsync();
  return { answer: await answer, milliseconds: Date.now() - NOW.getTime() };
}

it.each([
  ['an event', notificationOf(1, 100)],
  ['sixty events', notificationOf(60, 100)],
  ['sixty events whose body is too large for a message', notificationOf(60, 20_000)],
])("leaves half of athenahealth's two seconds to the start of the container: %s", async (what, body) => {
  expect(body.length > MAX_MESSAGE_BYTES).toBe(what.includes('too large'));
  const { answer, milliseconds } = await answered(body);
  expect(answer).toMatchObject({ status: 200 });
  expect(athenahealth.acknowledgeWithinMs).toBe(2000);
  expect(milliseconds).toBeGreaterThanOrEqual(2 * CALL_MS);
  expect(milliseconds).toBeLessThanOrEqual(1000);
});
