import { describe, expect, it, jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { daysKept, ESTIMATES, MEMORY_GB, usesOf, usualBatch } from '../../../cli/cost/events.ts';
import type { Traffic } from '../../../cli/cost/events.ts';
import { AS_OF, PRICES, REGION } from '../../../cli/cost/prices.ts';
import { costReport } from '../../../cli/cost/report.ts';
import { together } from '../../../cli/cost/costed-template.ts';
import { monthlyUses } from '../../../cli/cost/resources.ts';
import { costRows } from '../../../cli/cost/rows.ts';
import { dollars, total } from '../../../cli/cost/table.ts';
import { trafficOf } from '../../../cli/cost/traffic.ts';
import { telemetry } from '../../../lambdas/adapters/observer.ts';
import type { Observer } from '../../../lambdas/core/observer.ts';
import { resolveConfig } from '../../../lib/config/config.ts';
import type { Settings } from '../../../lib/config/settings.ts';
import { withFakeProviders } from '../../../local/fake-providers/settings.ts';
import { config } from '../../settings.ts';
import { ledgerBytes } from './ledger-bytes.ts';
import { resource, synthesize, synthesizeStacks } from '../../lib/synth.ts';

/** The sources that the page's figures are for: one of each provider that it names. */
const page = readFileSync('docs/cost.md', 'utf8');
const [, named = ''] = /^Sources: (.+)\.$/m.exec(page) ?? [];
const sources = Object.fromEntries(
  [...named.matchAll(/`([a-z0-9-]+)`/g)].map(([, name = '']) => [name, { provider: name }]),
);
const stacks = synthesizeStacks({ sources });
const template = together(stacks);
const ofType = (type: string) => Object.values(template.Resources).filter(({ Type }) => Type === type);
const TRAFFIC = { events: 1_000_000, kb: 5, duplicates: 0.05, rejected: 0.01, batch: usualBatch(config.processor) };
const DAYS = daysKept(resolveConfig({ sources }));
const traffic = (changes: Partial<Traffic> = {}): Traffic => ({ ...TRAFFIC, days: DAYS, ...changes });
const quantity = (price: keyof typeof PRICES, changes?: Partial<Traffic>): number =>
  usesOf(traffic(changes))
    .filter((use) => use.price === price)
    .reduce((sum, use) => sum + use.quantity, 0);

/** Bytes that CloudWatch adds to each line (https://aws.amazon.com/cloudwatch/pricing/). */
const BYTES_OF_LINE = 26;

/** Bytes of the lines that an invocation writes, with those that CloudWatch adds. */
function logBytesOf(invocation: (observer: Observer) => void): number {
  const { observer, metrics } = telemetry('osigu', 'hookgate-production');
  const lines: string[] = [];
  const write = jest.spyOn(process.stdout, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  invocation(observer);
  metrics.publishStoredMetrics();
  write.mockRestore();
  return lines.reduce((sum, line) => sum + Buffer.byteLength(line) + BYTES_OF_LINE, 0);
}

describe('docs/cost.md', () => {
  const report = costReport(stacks, TRAFFIC, DAYS);
  const sections = report.split(/^(?=### )/m);

  it('has the tables that the script prints, but for the one that a new alarm changes', () => {
    expect(sections).toHaveLength(6);
    const steady = sections.filter((section) => !/^### (A month without|In four)/.test(section));
    for (const section of steady) expect(page).toContain(section.trim());
  });

  it('says what a month without events costs, within a tenth', () => {
    const [, sum = ''] = /### A month without any event[^#]*\*\*together\*\*[^#]*\*\*([\d.]+)\*\*/.exec(page) ?? [];
    expect(Math.abs(Number(sum) / total(monthlyUses(template)) - 1)).toBeLessThan(0.1);
  });

  it('has the four figures, within a tenth, and each within reach of what was aimed at', () => {
    const rows = costRows(stacks, traffic());
    expect(rows.millionEvents).toBeLessThan(16);
    expect(rows.idleMonth).toBeLessThan(22.5);
    expect(rows.trickleMonth).toBeLessThan(32);
    expect(rows.furtherSource).toBeLessThan(3.3);
  });

  it('names the region and the month of the prices', () => {
    expect(page).toContain(`**${REGION}, as of ${AS_OF}**`);
  });
});

describe('the arithmetic', () => {
  it('is a price times a quantity', () => {
    const use = { component: 'SQS', price: 'queueRequest', quantity: 3_000_000, because: '' } as const;
    expect(dollars(use)).toBeCloseTo(1.2, 10);
  });

  it('charges an event five writes and each duplicate one more', () => {
    expect(quantity('tableWrite', { duplicates: 0 })).toBe(5_000_000);
    expect(quantity('tableWrite', { duplicates: 2 })).toBe(7_000_000);
  });

  it('charges a queue and the bus for each 64 KB, and by reference for one', () => {
    expect(['queueRequest', 'busEvent'].map((price) => quantity(price as 'busEvent', { kb: 65, batch: 1 }))).toEqual([
      4e6, 2e6,
    ]);
    expect(quantity('busEvent', { kb: 257 })).toBe(1_000_000);
    expect(quantity('queueRequest', { kb: 1025, batch: 1 })).toBe(3_000_000);
    expect(quantity('bucketGet', { kb: 1025 })).toBe(1_000_000);
  });

  it('charges an object for a batch, whatever is in it', () => {
    expect(quantity('bucketPut', { batch: 10 })).toBe(100_000);
  });

  it('charges an event at each target as at a source without deliveries', () => {
    const without = usesOf(traffic({ targets: 0 }));
    expect(without).toStrictEqual(usesOf(traffic()));
    const more = (price: keyof typeof PRICES) => Math.round(quantity(price, { targets: 2 }) - quantity(price));
    expect(['tableWrite', 'lambdaRequest', 'queueRequest'].map((price) => more(price as 'tableWrite'))).toEqual([
      10e6, 2e6, 6e6,
    ]);
    expect(['apiRequest', 'wafRequest', 'busEvent'].map((price) => more(price as 'apiRequest'))).toEqual([0, 0, 0]);
  });

  it('charges the metrics and the new containers of each target in a month with a trickle', () => {
    const [without, withTwo] = [costRows(stacks, traffic()), costRows(stacks, traffic({ targets: 2 }))];
    const metrics = 2 * 2 * PRICES.metric.dollars;
    expect(withTwo.furtherSource - without.furtherSource).toBeGreaterThan(metrics);
    expect(withTwo.furtherSource - without.furtherSource).toBeLessThan(metrics + 0.2);
    expect(withTwo.idleMonth).toBe(without.idleMonth);
  });

  it('has no row of a firewall that is off, nor of a bus that nothing is published to', () => {
    const of = (settings: Partial<Settings>) => usesOf(traffic(trafficOf(resolveConfig({ sources, ...settings }))));
    const quantities = (uses: ReturnType<typeof of>) =>
      ['wafRequest', 'busEvent'].map((price) => uses.find((use) => use.price === price)?.quantity);
    const queue = { name: 'q', kind: 'sqs', arn: 'arn:aws:sqs:us-east-1:111122223333:q' } as const;
    expect(quantities(of({}))).toEqual([1_060_000, 1_000_000]);
    expect(quantities(of({ waf: { enabled: false } }))).toEqual([0, 1_000_000]);
    const own = { provider: 'stripe', handler: 'examples/eligibility-handler.ts' };
    const told = { provider: 'stripe', targets: [queue] };
    expect(quantities(of({ sources: { own, told } }))).toEqual([1_060_000, 0]);
    expect(
      quantities(of({ sources: { own, told, plain: { provider: 'stripe' }, more: { provider: 'osigu' } } })),
    ).toEqual([1_060_000, 500_000]);
  });

  it('counts the polls of a month, with no event at all', () => {
    const polling = withFakeProviders({ sources: { nvsep: { provider: 'nvsep' } } }, 'https://api.example.com');
    const [without, withOne] = [{ sources: { nvsep: { provider: 'nvsep' } } }, polling].map((each) =>
      synthesizeStacks(each),
    );
    const more = (price: keyof typeof PRICES): number => {
      const [calm = 0, busy = 0] = [without, withOne].map((each) =>
        monthlyUses(together(each ?? []))
          .filter((use) => use.price === price)
          .reduce((sum, { quantity }) => sum + quantity, 0),
      );
      return busy - calm;
    };
    const everyMinutes = resolveConfig(polling).sources[0]?.poll?.everyMinutes ?? NaN;
    const polls = (730 * 60) / everyMinutes;
    expect(more('scheduledCall')).toBeCloseTo(polls, 6);
    expect(more('tableWrite')).toBeCloseTo(2 * polls, 6);
    expect(more('metric')).toBe(1);
    const idle = (each = without) => costRows(each ?? [], traffic()).idleMonth;
    expect(idle(withOne) - idle()).toBeGreaterThan(PRICES.metric.dollars);
  });

  it('counts what versions count, of a source whose functions come into force gradually', () => {
    const rows = [{}, trafficOf(resolveConfig({ sources, gradual: {} }))].map((more) =>
      costRows(stacks, traffic(more)),
    );
    expect((rows[1]?.furtherSource ?? NaN) - (rows[0]?.furtherSource ?? NaN)).toBeCloseTo(0.6, 6);
  });

  it('grows with nothing but what it is made of: no events cost nothing', () => {
    expect(total(usesOf(traffic({ events: 0 })))).toBe(0);
  });

  it('has the memory that the functions have', () => {
    for (const [logicalId, gb] of [
      ['OsiguVerifier', MEMORY_GB.verifier],
      ['OsiguProcessor', MEMORY_GB.processor],
    ] as const)
      expect(resource(synthesize(), logicalId).Properties.MemorySize).toBe(gb * 1024);
  });

  it('counts what is in the template', () => {
    const uses = monthlyUses(template);
    const of = (price: string) => uses.find((use) => use.price === price)?.quantity;
    const [firewall] = ofType('AWS::WAFv2::WebACL');
    expect(firewall?.Properties?.Rules).toHaveLength(of('wafRule') ?? 0);
    expect(of('key')).toBe(ofType('AWS::KMS::Key').length);
    expect(of('secret')).toBe(Object.keys(sources).length);
    // Seven of each source, and those of the gateway that have data without any fault.
    expect(of('alarmMetric')).toBeGreaterThanOrEqual(7 * Object.keys(sources).length + 1);
    expect(of('alarmMetric')).toBeLessThan(2 * ofType('AWS::CloudWatch::Alarm').length);
  });

  it('has the ledger as large as the adapters make it', async () => {
    const sizes = await Promise.all(config.sources.map(ledgerBytes));
    const kb = (part: 'item' | 'place'): number =>
      sizes.reduce((sum, size) => sum + size[part] + 100, 0) / sizes.length / 1024;
    for (const part of ['item', 'place'] as const) {
      expect(kb(part)).toBeGreaterThan(0.9 * ESTIMATES.ledgerKb[part]);
      expect(kb(part)).toBeLessThan(1.1 * ESTIMATES.ledgerKb[part]);
    }
  });

  it('has as many bytes of log for an invocation as the functions write', () => {
    const [verifier, processor] = [
      logBytesOf((observer) => {
        observer.received();
        observer.verified('current');
        observer.accepted();
        observer.acknowledged(23.456789);
      }),
      logBytesOf((observer) => {
        for (let event = 0; event < TRAFFIC.batch; event++) observer.processed(2345.678901);
      }),
    ];
    expect(verifier).toBeGreaterThan(0.9 * ESTIMATES.logBytes.invocation);
    expect(verifier).toBeLessThan(1.1 * ESTIMATES.logBytes.invocation);
    expect(processor).toBeLessThan(verifier);
  });

  it('has a page for every price', () => {
    for (const { page, dollars } of Object.values(PRICES)) {
      expect(page).toMatch(/^https:\/\/aws\.amazon\.com\/.*pricing\//);
      expect(dollars).toBeGreaterThan(0);
    }
  });
});
