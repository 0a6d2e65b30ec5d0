import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { resolveConfig } from '../../../lib/config/config.ts';
import { startFakeProviders } from '../../../local/fake-providers/server.ts';
import type { FakeProviders } from '../../../local/fake-providers/server.ts';
import { subscriptionOf, withFakeProviders } from '../../../local/fake-providers/settings.ts';
import { startGateway } from '../../../local/gateway.ts';
import type { LocalGateway } from '../../../local/gateway.ts';
import { opsOn } from './run-ops.ts';

let fakes: FakeProviders;
let gateway: LocalGateway;
let ops: ReturnType<typeof opsOn>;

beforeAll(async () => {
  fakes = await startFakeProviders();
  const settings = { sources: { optum: { provider: 'optum' }, nabla: { provider: 'nabla' } } };
  const config = resolveConfig(withFakeProviders(settings, fakes.url));
  gateway = await startGateway({ port: 0, config });
  ops = opsOn(gateway.url, config);
}, 120_000);
afterAll(async () => {
  await gateway.stop();
  await fakes.stop();
}, 120_000);

describe('ops missed', () => {
  it('says that there was no poll yet, polls, and tells of it', async () => {
    expect(await ops('missed status optum')).toMatchObject({
      code: 1,
      text: expect.stringMatching(/last ended.*never/),
    });

    fakes.optum.miss(subscriptionOf('optum'), JSON.stringify({ type: 't', id: '1', causationId: 'c', time: 'x' }));
    fakes.optum.missRaw(subscriptionOf('optum'), { id: '2' });
    const { code, text } = await ops('missed run optum --json');
    expect(code).toBe(0);
    expect(JSON.parse(text)).toMatchObject({ outcome: 'succeeded', accepted: 1, quarantined: 1, acknowledged: 2 });

    const status = await ops('missed status optum');
    expect(status).toMatchObject({ code: 0, error: '' });
    expect(status.text).toMatch(/malformed: payload_missing\s*│ 1/);
    expect(status.text).not.toContain('never');
  });

  it('ends with 1 and the faults where the poll failed', async () => {
    fakes.misbehaviours.add({ path: 'missed-events', kind: 'status', status: 403 });
    const { code, text } = await ops('missed run optum');
    expect(code).toBe(1);
    expect(text).toMatch(/fault\s*│ list_http_403/);
    const status = await ops('missed status optum --json');
    expect(JSON.parse(status.text)).toMatchObject({
      lastReport: { outcome: 'failed' },
      lastSucceededAt: expect.any(String),
    });
  });

  it.each([
    ['run nabla', /fetches no missed events for "nabla"/],
    ['status nobody', /nobody/],
  ])('says in one line why %s cannot be', async (line, why) => {
    const { code, error } = await ops(`missed ${line}`);
    expect(code).toBe(1);
    expect(error).toMatch(why);
    expect(error.split('\n')).toHaveLength(1);
  });
});
