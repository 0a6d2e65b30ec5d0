import { afterEach, describe, expect, it } from '@jest/globals';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { providers } from '../../../lambdas/providers/index.ts';
import { demonstrateAll, unseenChanges } from '../../../cli/send/demo.ts';
import type { Row } from '../../../cli/send/demo.ts';
import { inspect } from '../../../cli/send/inspection.ts';
import { demoSummary, demoTable } from '../../../cli/send/report.ts';
import { coverageOf, signsTime } from '../../../cli/send/signed.ts';
import { MemoryGateway } from './memory-gateway.ts';
import type { Faults } from './memory-gateway.ts';

const all = [...providers.values()];
const sources = all.map((provider) => ({ name: provider.name, provider, options: {} }));

const covered = (provider: Provider): boolean => coverageOf({ provider, options: {} }) === 'body';

describe('npm run demo', () => {
  let gateway: MemoryGateway;
  afterEach(() => gateway.close());

  async function demo(faults: Faults = {}): Promise<Row[]> {
    gateway = new MemoryGateway(all, faults);
    const origin = await gateway.listen();
    return demonstrateAll(sources, { origin, env: {}, inspection: inspect(origin), patienceMs: 300 });
  }

  const wrong = (rows: readonly Row[]): Set<string> => new Set(rows.filter(({ ok }) => !ok).map((row) => row.delivery));

  it('finds a good gateway good, with a stale delivery if time is signed, and an altered one if the body is', async () => {
    const rows = await demo();
    expect(wrong(rows)).toEqual(new Set());
    for (const provider of all) {
      const kinds = rows.filter(({ source }) => source === provider.name).map(({ delivery }) => delivery);
      expect(kinds).toEqual([
        'valid',
        'duplicate',
        'forged',
        ...(signsTime({ provider, options: {} }) ? ['stale'] : []),
        ...(covered(provider) ? ['altered'] : []),
      ]);
    }
    expect(gateway.bus).toHaveLength(all.length);
    expect(demoSummary(rows)).toBe(
      `${rows.length} deliveries to ${all.length} sources: everything is as it should be.`,
    );
  });

  it('shows what was expected and what came', async () => {
    const table = demoTable(await demo());
    expect(table).toMatch(/optum.*valid.*200.*200.*accepted.*processed once.*ok/);
    expect(table).toMatch(/duplicate.*200.*200.*duplicate.*not processed again.*ok/);
    expect(table).toMatch(/forged.*400.*400.*signature_mismatch.*not in the ledger.*ok/);
    expect(table).toMatch(/stale.*401.*401.*timestamp_out_of_window.*not in the ledger.*ok/);
    expect(table).toMatch(/altered.*401.*401.*signature_mismatch.*not in the ledger.*ok/);
  });

  it('says of which providers it shows no altered delivery, and why', () => {
    const lines = unseenChanges(sources);
    expect(lines).toHaveLength(all.filter((provider) => !covered(provider)).length);
    expect(lines).toContain('adyen: no altered delivery is shown, because only some fields of the body are signed.');
    expect(lines.find((line) => line.startsWith('okta:'))).toMatch('only the caller is proved');
  });

  it('finds out a gateway that takes a forged or an altered delivery', async () => {
    const rows = await demo({ gullible: true });
    expect(wrong(rows)).toEqual(new Set(['forged', 'altered']));
    expect(demoTable(rows)).toMatch(/forged.*400.*200.*accepted.*in the ledger.*WRONG/);
    const taken = (kind: string) => rows.filter(({ delivery, ok }) => delivery === kind && !ok).length;
    expect(taken('forged')).toBe(all.length);
    expect(demoSummary(rows)).toMatch(`${taken('forged') + taken('altered')} are not as they should be.`);
  });

  it('finds out a gateway that processes a duplicate', async () => {
    const rows = await demo({ repeats: true });
    expect(wrong(rows)).toEqual(new Set(['valid', 'duplicate']));
    expect(demoTable(rows)).toMatch(/valid.*published 2 times.*WRONG/);
  });

  it('finds out a gateway that processes nothing', async () => {
    const rows = await demo({ idle: true });
    expect(wrong(rows)).toEqual(new Set(['valid']));
    expect(demoTable(rows)).toMatch(/valid.*not processed: QUEUED.*WRONG/);
  });

  it('says how to start the gateway where none is running', async () => {
    gateway = new MemoryGateway([]);
    const origin = await gateway.listen();
    await gateway.close();
    const context = { origin, env: {}, inspection: inspect(origin), patienceMs: 300 };
    await expect(demonstrateAll(sources, context)).rejects.toThrow(
      `Nothing listens on ${origin}. Start the gateway with \`npm start\`, then try again.`,
    );
  });
});
