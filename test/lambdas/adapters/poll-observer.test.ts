import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { telemetry } from '../../../lambdas/adapters/observer.ts';
import { pollObserver } from '../../../lambdas/adapters/poll-observer.ts';
import { METRIC } from '../../../lambdas/contract.ts';
import { NO_CREDENTIALS } from '../../../lambdas/core/http/no-credentials.ts';
import { PollTally } from '../../../lambdas/core/poll/report.ts';

const lines: string[] = [];
const capture = (chunk: unknown): boolean => lines.push(String(chunk)) > 0;
beforeEach(() => {
  lines.length = 0;
  jest.spyOn(process.stdout, 'write').mockImplementation(capture);
  jest.spyOn(process.stderr, 'write').mockImplementation(capture);
});
afterEach(() => void jest.restoreAllMocks());

interface MetricLine extends Readonly<Record<string, unknown>> {
  readonly _aws: {
    readonly CloudWatchMetrics: readonly {
      readonly Dimensions: readonly (readonly string[])[];
      readonly Metrics: readonly { readonly Name: string }[];
    }[];
  };
}

/** Every metric in the lines, by name, and by name and reason if it has one. */
function metrics(): Record<string, unknown> {
  const blobs = lines.map((line) => JSON.parse(line) as MetricLine).filter((blob) => '_aws' in blob);
  return Object.fromEntries(
    blobs.flatMap((blob) =>
      blob._aws.CloudWatchMetrics.flatMap(({ Dimensions: dimensions, Metrics: named }) =>
        named.map(({ Name: name }) => [
          dimensions.flat().includes('reason') ? `${name} ${String(blob.reason)}` : name,
          blob[name],
        ]),
      ),
    ),
  );
}

describe('pollObserver', () => {
  it('counts what is missing for good, and Subscriptions that fail', () => {
    const { logger, metrics: sink } = telemetry('fhir', 'hookgate-dev');
    const tally = new PollTally();
    tally.failing = 1;
    const common = { gaps: [], writtenOff: [], canRecover: true };
    for (const [subscription, told, givenUp] of [
      ['a', 3, 0],
      ['b', 4, 2],
    ] as const)
      tally.subscriptions.push({ ...common, subscription, told, givenUp });
    pollObserver({ logger, metrics: sink }).polled(tally.report(0));
    sink.publishStoredMetrics();
    expect(metrics()).toMatchObject({
      [METRIC.gapFound]: 7,
      [METRIC.writtenOff]: 2,
      [METRIC.subscriptionFailing]: 1,
    });
  });

  it('tells the days that are left to a registration, and those that wait for a person', () => {
    const { logger, metrics: sink } = telemetry('graph', 'hookgate-dev');
    const tally = new PollTally();
    const registered = { events: ['updated'], expiresAt: new Date(3 * 86_400_000).toISOString() };
    tally.registrations = [
      { ...registered, id: 'a', state: 'active' },
      { id: 'b', events: ['created'], state: 'gone' },
    ];
    pollObserver({ logger, metrics: sink }).polled(tally.report(86_400_000));
    sink.publishStoredMetrics();
    expect(metrics()).toMatchObject({ [METRIC.registrationDaysLeft]: 2, [METRIC.subscriptionFailing]: 1 });
  });

  const observe = (change: (tally: PollTally) => void): Record<string, unknown> => {
    const { logger, metrics: emf } = telemetry('optum', 'hookgate-test');
    const tally = new PollTally();
    change(tally);
    pollObserver({ logger, metrics: emf }).polled(tally.report(10_000));
    emf.publishStoredMetrics();
    return metrics();
  };

  it('counts a poll that found nothing as a success, and nothing else: a metric without data costs nothing', () => {
    const seen = observe(() => undefined);
    expect(seen).toEqual({ [METRIC.pollSucceeded]: 1 });
  });

  it('counts a poll that waits for its credentials as one that waits: nothing has failed', () => {
    const seen = observe((tally) => {
      tally.fault('registration', NO_CREDENTIALS);
      tally.fault('list', NO_CREDENTIALS);
    });
    expect(seen).toEqual({ [METRIC.pollWaits]: 1 });
  });

  it.each<[string, (tally: PollTally) => void]>([
    ['credentials that cannot be used', (tally) => tally.fault('list', 'CredentialsError')],
    ['another fault beside', (tally) => tally.fault('begin', 'timeout')],
    ['an event that was not safe', (tally) => tally.entry('failed', undefined)],
  ])('counts as a failure what has %s', (what, change) => {
    const seen = observe((tally) => {
      if (!what.startsWith('credentials')) tally.fault('list', NO_CREDENTIALS);
      change(tally);
    });
    expect(seen).toMatchObject({ [METRIC.pollFailed]: 1 });
    expect(seen).not.toHaveProperty(METRIC.pollWaits);
  });

  it('counts what a poll found, and every fault by its reason', () => {
    const seen = observe((tally) => {
      tally.entry('accepted', new Date(4_000).toISOString());
      tally.entry('known', new Date(1_000).toISOString());
      tally.countMalformed('payload_not_json');
      tally.fault('list', 'timeout');
      tally.left = 7;
      tally.reopened = true;
    });
    expect(seen).toMatchObject({
      [METRIC.pollFailed]: 1,
      [`${METRIC.pollFailed} list_timeout`]: 1,
      [`${METRIC.missedMalformed} payload_not_json`]: 1,
      [METRIC.missedKnown]: 1,
      [METRIC.missedLeft]: 7,
      [METRIC.circuitReopened]: 1,
      [METRIC.oldestMissedAge]: 6,
    });
  });
});
