import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../../../lambdas/core/delivery.ts';
import type { Provider } from '../../../../lambdas/core/provider.ts';
import { receive } from '../../../../lambdas/core/receive/receive.ts';
import { providerNamed, providers } from '../../../../lambdas/providers/index.ts';
import { NOW, publishedKey, sampled, secretsOf, signed, sourceOf } from '../../providers/deliveries.ts';
import { fixedSecrets, MemoryLedger, MemoryQueue, recordingObserver } from '../in-memory.ts';

/** Counts the observations of deliveries to a source, one after the other. Each is answered with success. */
async function seenOf(provider: Provider, deliveries: readonly Delivery[]): Promise<(what: string) => number> {
  const clock = (): number => NOW.getTime();
  const observer = recordingObserver();
  const ports = {
    ...{ clock, observer, ledger: new MemoryLedger(clock), queue: new MemoryQueue(), quarantine: new MemoryQueue() },
    secrets: fixedSecrets(secretsOf(provider).stored),
    keys: { get: () => Promise.resolve(publishedKey(provider)) },
  };
  for (const each of deliveries) {
    const { status } = await receive(each, sourceOf(provider), ports);
    expect([200, 201, 202, 204]).toContain(status);
  }
  return (what) => observer.seen.filter((seen) => seen === what).length;
}

const HOURS = 3;
const captured = (of: Delivery): Delivery[] => Array.from({ length: HOURS }, () => of);

describe('a delivery that somebody has captured', () => {
  it('is one sign of life, however often and under however many types it is sent again', async () => {
    const github = providerNamed('github');
    const types = ['push', 'push', 'issues', 'issues', 'ping', 'issues'];
    const seen = await seenOf(
      github,
      types.map((type) => signed(github, '{"a":1}', { headers: { 'x-github-delivery': '1', 'x-github-event': type } })),
    );
    expect([seen('acknowledged'), seen('conflict'), seen('duplicate')]).toEqual([1, 2, 3]);
  });

  it('and that has no event in it is none', async () => {
    const xero = providerNamed('xero');
    const intent = '{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"S0m3r4N3dom3mt3xt"}';
    const seen = await seenOf(xero, captured(signed(xero, intent)));
    expect([seen('received'), seen('acknowledged')]).toEqual([HOURS, 0]);
  });

  const whole = [...providers.values()].filter(({ batches }) => !batches);
  it.each(whole.map((provider) => [provider.name, provider] as const))('is one at most for %s', async (_, provider) => {
    const { body, headers } = sampled(provider);
    const seen = await seenOf(provider, captured(signed(provider, body, { headers })));
    expect(seen('acknowledged')).toBeLessThanOrEqual(1);
  });
});
