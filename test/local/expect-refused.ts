import { expect } from '@jest/globals';
import type { RejectionReason } from '../../lambdas/core/verdict.ts';
import type { Flaws } from '../../cli/send/signed.ts';
import type { SourceClient } from './gateway-client.ts';

/** Delivers with a flaw, and checks the provider's answer and that ledger, queue, bus and AWS calls know nothing of it. */
export async function expectRefused(source: SourceClient, flaws: Flaws, reason: RejectionReason): Promise<void> {
  const body = source.newEvent();
  const before = { calls: (await source.verifierCalls()).length, events: (await source.events()).length };
  const answer = await source.deliver(body, flaws);
  expect(answer.status).toBe(source.source.provider.rejectionStatus);
  expect(answer.body).toEqual({ error: reason });
  // A forgery may make the verifier look for a secret that was stored a moment ago, and nothing else.
  const calls = (await source.verifierCalls()).slice(before.calls);
  expect(calls.filter(({ service }) => service !== 'secretsmanager')).toEqual([]);
  expect(await source.events()).toHaveLength(before.events);
  expect(await source.published(body)).toEqual([]);
  const queue = (await source.queues()).sources[source.source.name];
  expect(queue).toMatchObject({ visible: 0, deadLetters: 0 });
}
