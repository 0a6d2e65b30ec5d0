import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { usagesOf } from '../../../cli/capacity/load.ts';
import { AS_OF, QUOTAS } from '../../../cli/capacity/quotas.ts';
import { capacityReport } from '../../../cli/capacity/report.ts';
import { config } from '../../settings.ts';

const { processor } = config;
const used = (perSecond: number, sources: number, quota: keyof typeof QUOTAS): number =>
  usagesOf({ perSecond, sources, processor }).find((usage) => usage.quota === quota)?.used ?? NaN;

describe('docs/capacity.md', () => {
  const page = readFileSync('docs/capacity.md', 'utf8');

  it('has the table that the command prints, and the month of the quotas', () => {
    expect(page).toContain(capacityReport(processor));
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

  it('has the gateway’s own settings as quotas', () => {
    expect(QUOTAS.routeThrottle.limit).toBe(config.throttle.requestsPerSecond);
    expect(QUOTAS.processors.limit).toBe(processor.maxConcurrency);
  });

  it('puts the most used quota first, and has a page for each', () => {
    const shares = usagesOf({ perSecond: 100, sources: 10, processor }).map(({ share }) => share);
    expect(shares).toStrictEqual(shares.toSorted((one, other) => other - one));
    for (const { page, more } of Object.values(QUOTAS))
      expect([page.startsWith('https://docs.aws.'), more.length > 0]).toEqual([true, true]);
  });
});
