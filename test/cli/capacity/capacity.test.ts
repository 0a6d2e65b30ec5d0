import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { usagesOf } from '../../../cli/capacity/load.ts';
import { AS_OF, QUOTAS } from '../../../cli/capacity/quotas.ts';
import { capacityReport } from '../../../cli/capacity/report.ts';
import { publishedPart } from '../../../cli/cost/traffic.ts';
import { resolveConfig } from '../../../lib/config/config.ts';
import { WAF_SECONDS } from '../../../lib/config/domain.ts';
import type { Settings } from '../../../lib/config/settings.ts';
import type { TargetSettings } from '../../../lib/config/source-settings.ts';
import { targetLanes } from '../../../cli/capacity/lanes.ts';
import { LEDGER_LIST } from '../../../lambdas/contract.ts';
import { config } from '../../settings.ts';

const { processor } = config;
const used = (perSecond: number, sources: number, quota: keyof typeof QUOTAS): number =>
  usagesOf({ perSecond, sources, processor }).find((usage) => usage.quota === quota)?.used ?? NaN;

describe('docs/capacity.md', () => {
  const page = readFileSync('docs/capacity.md', 'utf8');

  it('has the table that the command prints, and the month of the quotas', () => {
    expect(page).toContain(capacityReport({ processor, sources: [] }));
    expect(page).toContain(`as of ${AS_OF}`);
  });
});

describe('the arithmetic', () => {
  it('has executions at a time grow with the rate, and not with the sources that share it', () => {
    expect(used(1_000, 1, 'concurrency')).toBeCloseTo(1_000 * 0.03 + 100 * (0.04 + 10 * 0.02), 6);
    expect(used(1_000, 100, 'concurrency')).toBeCloseTo(used(1_000, 1, 'concurrency'), 6);
  });

  it('has the quotas of a source shared by as many as there are', () => {
    expect(used(1_000, 100, 'routeThrottle')).toBe(10);
    expect(used(1_000, 1, 'routeThrottle')).toBe(1_000);
  });

  it('has the invocations of both functions, and the list of one source as its shards take it', () => {
    expect(used(10_000, 1, 'invocations')).toBe(11_000);
    expect(used(10_000, 100, 'listWrites')).toBe(100);
    expect(QUOTAS.listWrites.limit).toBe(1_000 * LEDGER_LIST.shardsOf('a').length);
  });

  it('has the gateway’s own settings as quotas', () => {
    expect(QUOTAS.routeThrottle.limit).toBe(config.throttle.requestsPerSecond);
    expect(QUOTAS.processors.limit).toBe(processor.maxConcurrency);
  });

  it('has the limit of one address, which a source of a default gateway meets first', () => {
    expect(QUOTAS.addressLimit.limit).toBe(config.waf.requestsPerAddress / WAF_SECONDS);
    expect(usagesOf({ perSecond: 11, sources: 1, processor })[0]).toMatchObject({ quota: 'addressLimit', share: 1.1 });
    expect(used(1_000, 100, 'addressLimit')).toBe(10);
  });

  it('takes the limits of the gateway from the configuration, and leaves out one that does not hold', () => {
    const report = (settings: Omit<Partial<Settings>, 'sources'>, source = {}) =>
      capacityReport(resolveConfig({ ...settings, sources: { osigu: { provider: 'osigu', ...source } } }));
    const throttle = { requestsPerSecond: 5_000, burst: 5_000 };
    expect(report({ throttle })).not.toContain('1,000 of 200');
    expect(report({ throttle })).toContain('10,000 of 5,000 a second');
    expect(report({ throttle })).toMatch(/1,000 of 250 a second +\| raise `waf\.requestsPerAddress`/);
    expect(report({})).toContain('100 of 10 a second');
    expect(report({ waf: { requestsPerAddress: 60_000 } })).toContain('1,000 of 200 a second');
    expect(report({ waf: { requestsPerAddress: 60_000 } })).not.toContain('100 of 10 a second');
    for (const free of [report({ waf: { enabled: false } }), report({}, { allowList: ['192.0.2.0/24'] })])
      expect(free).not.toContain('from one address');
  });

  it('publishes nothing of a source with a handler or targets of its own', () => {
    expect(publishedPart([{}, { handler: '/handler.ts' }, { targets: [] }, {}])).toBe(0.5);
    const events = usagesOf({ perSecond: 100, sources: 1, processor, published: 0.25 });
    expect(events.find(({ quota }) => quota === 'busEvents')?.used).toBe(25);
  });

  it('puts the most used quota first, and has a page for each', () => {
    const shares = usagesOf({ perSecond: 100, sources: 10, processor }).map(({ share }) => share);
    expect(shares).toStrictEqual(shares.toSorted((one, other) => other - one));
    for (const { page, more } of Object.values(QUOTAS))
      expect([page.startsWith('https://docs.aws.'), more.length > 0]).toEqual([true, true]);
  });
});

describe('targets', () => {
  const http = (timeoutSeconds: number) => ({ kind: 'http', url: 'https://a.example/', timeoutSeconds }) as const;
  const of = (targets: readonly TargetSettings[], others = {}) =>
    resolveConfig({ sources: { osigu: { provider: 'osigu', targets }, ...others } });
  const ten = of(Array.from({ length: 10 }, (_, index) => ({ name: `to${index}`, ...http(60) })));
  const usage = (quota: keyof typeof QUOTAS, load: Partial<Parameters<typeof usagesOf>[0]> = {}) =>
    usagesOf({ perSecond: 10, sources: 1, processor, targets: targetLanes(ten), ...load }).find(
      (each) => each.quota === quota,
    );

  it('are lanes of their own: each has claims, leases, batches and log calls of every event', () => {
    expect(usage('tableWrites')?.used).toBe(11 * used(10, 1, 'tableWrites'));
    expect(usage('logEvents')?.used).toBeCloseTo(used(10, 1, 'logEvents') + 10 * 10, 6);
    expect(usage('concurrency')?.used).toBeCloseTo(used(10, 1, 'concurrency') + 10 * 10 * (0.06 + 0.2), 6);
    expect(usage('targetBatches')).toMatchObject({ limit: 10, used: 10 * (0.06 + 0.2) });
    expect(usagesOf({ perSecond: 10, sources: 1, processor }).map(({ quota }) => quota)).not.toContain('targetBatches');
  });

  it('that are slow have their own time-out, in batches that fill once no more of them may be under way', () => {
    const slow = { targetsAre: 'slow' } as const;
    expect(usage('targetBatches', slow)?.used).toBeCloseTo((10 / 10) * (0.04 + 10 * 0.02 + 60), 6);
    expect(usage('inFlight', slow)?.used).toBeCloseTo(10 * (0.04 + 10 * 0.02 + 60), 6);
    const quick = targetLanes(of([{ name: 'quick', ...http(1) }]));
    expect(usage('targetBatches', { ...slow, targets: quick })?.used).toBeLessThan(10);
  });

  it('have the concurrency of their pace, and count by how many of the sources have them', () => {
    const [paced] = targetLanes(
      of([{ name: 'paced', ...http(1), pace: { atOnce: 4 } }], { nvsep: { provider: 'nvsep' } }),
    );
    expect(paced).toMatchObject({ perSource: 0.5, maxConcurrency: 2, batchSize: 2 });
    expect(usage('tableWrites', { sources: 2, targets: paced ? [paced] : [] })?.used).toBe(
      1.5 * used(10, 2, 'tableWrites'),
    );
  });

  it('have the bus count if they are one, and the sources that have them publish nothing of their own', () => {
    const arn = 'arn:aws:events:eu-west-1:210987654321:event-bus/central';
    const bus = { name: 'central', kind: 'bus', arn } as const;
    expect(usage('busEvents', { published: 0 })?.used).toBe(0);
    expect(usage('busEvents', { published: 0, targets: targetLanes(of([bus])) })?.used).toBe(10);
  });

  it('are in what the command prints', () => {
    const report = capacityReport(ten);
    expect(report).toContain('While each try at a target takes the whole of its `timeoutSeconds`:');
    expect(report).toContain('Lambda: batches of one target under way');
    expect(capacityReport(of([{ name: 'one', ...http(5) }]))).not.toBe(report);
  });
});
