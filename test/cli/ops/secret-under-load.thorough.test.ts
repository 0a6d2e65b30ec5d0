import { describe, expect, it } from '@jest/globals';
import type { AwsCall } from '../../../local/call-log.ts';
import { secretsGateway } from './secrets-gateway.ts';

const { url, done, status, loadOf } = secretsGateway({
  sources: {
    nabla: { provider: 'nabla' },
    osigu: { provider: 'osigu', environment: 'production' },
    cached: { provider: 'nvsep' },
    flooded: { provider: 'osigu', environment: 'production' },
  },
});

describe('a rotation under load', () => {
  it('of Nabla, which signs with both secrets for a while, refuses no authentic delivery', async () => {
    const load = loadOf('nabla');
    await load.answered(40);
    await done('secret stage nabla', 'new-nabla-secret');
    // The button is pressed: both sign.
    load.secrets = ['new-nabla-secret', 'local-secret-nabla'];
    await load.answered(40);
    await done('secret promote nabla');
    await load.answered(40);
    // The old key is erased at Nabla.
    load.secrets = ['new-nabla-secret'];
    await load.answered(40);
    expect(await load.deliver('local-secret-nabla')).toBe(200);
    await done('secret revoke-previous nabla');
    for (let again = 0; again < 20; again++) expect(await load.deliver('local-secret-nabla')).toBe(401);
    await load.answered(40);
    await load.stop();
    expect(load.refused).toEqual([]);
  }, 120_000);

  it('of Osigu, which changes keys at one instant, refuses no authentic delivery', async () => {
    const load = loadOf('osigu');
    await load.answered(40);
    await done('secret stage osigu', 'new-osigu-secret');
    load.secrets = ['new-osigu-secret'];
    await load.answered(40);
    // A delivery that was on its way.
    expect(await load.deliver('local-secret-osigu')).toBe(200);
    await done('secret promote osigu');
    await load.answered(40);
    expect(await load.deliver('local-secret-osigu')).toBe(200);
    await done('secret revoke-previous osigu');
    for (let again = 0; again < 20; again++) expect(await load.deliver('local-secret-osigu')).toBe(401);
    await load.answered(40);
    await load.stop();
    expect(load.refused).toEqual([]);
    expect(await status('osigu')).toEqual([
      expect.objectContaining({ label: 'current', lastMatchedAt: expect.any(String) }),
    ]);
  }, 120_000);
});

describe('where Secrets Manager is down', () => {
  it('deliveries are verified from the cache', async () => {
    const load = loadOf('cached', 1);
    await load.answered(1);
    const rule = { service: 'secretsmanager', times: 1_000_000, status: 500 };
    const headers = { 'content-type': 'application/json' };
    await fetch(`${url()}/_local/faults`, { method: 'POST', headers, body: JSON.stringify(rule) });
    await load.answered(50);
    await load.stop();
    expect(load.refused).toEqual([]);
    // Whether a newer secret made an unknown signature nobody can say now: the sender is told to come back. It takes nothing
    // from the others.
    expect(await load.deliver('forged')).toBe(503);
    expect(await load.deliver('local-secret-cached')).toBe(200);
  }, 120_000);
});

describe('a flood of a thousand forgeries', () => {
  it('makes a handful of calls, and lets an authentic delivery through', async () => {
    const load = loadOf('flooded', 1);
    await load.answered(1);
    await load.stop();
    const statuses = new Set<number>();
    const start = Date.now();
    for (let forgery = 0; forgery < 1000; forgery++) statuses.add(await load.deliver('forged'));
    expect([...statuses]).toEqual([401]);
    expect(await load.deliver('local-secret-flooded')).toBe(200);
    const calls = (await (await fetch(`${url()}/_local/aws-calls`)).json()) as AwsCall[];
    const reads = calls.filter((call) => call.function === 'FloodedVerifier' && call.service === 'secretsmanager');
    // Three a read: the first, and one for every fifteen seconds that the flood lasts.
    const rereads = Math.ceil((Date.now() - start) / 15_000);
    expect(reads.length).toBeLessThanOrEqual(3 * (1 + rereads));
  }, 120_000);
});
