import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { telemetry } from '../../../lambdas/adapters/observer.ts';
import { METRIC } from '../../../lambdas/contract.ts';

/** A metric line of CloudWatch's embedded metric format. */
interface MetricLine {
  readonly _aws: { readonly CloudWatchMetrics: readonly { readonly Dimensions: readonly string[][] }[] };
  readonly [name: string]: unknown;
}

describe('telemetry', () => {
  const lines: string[] = [];
  const capture = (chunk: unknown): boolean => lines.push(String(chunk)) > 0;
  beforeEach(() => {
    lines.length = 0;
    jest.spyOn(process.stdout, 'write').mockImplementation(capture);
    jest.spyOn(process.stderr, 'write').mockImplementation(capture);
  });
  afterEach(() => void jest.restoreAllMocks());

  const metricLines = (): MetricLine[] =>
    lines.map((line) => JSON.parse(line) as MetricLine).filter((line) => '_aws' in line);

  it('counts by source, and rejections by reason too', () => {
    const { observer, metrics } = telemetry('osigu-sandbox', 'hookgate-test');
    observer.received();
    observer.rejected('signature_mismatch');
    metrics.publishStoredMetrics();
    const [line, ...others] = metricLines();
    expect(others).toEqual([]);
    expect(line).toMatchObject({ source: 'osigu-sandbox', reason: 'signature_mismatch' });
    expect(line).toMatchObject({ [METRIC.received]: 1, [METRIC.rejected]: 1 });
    expect(line?._aws.CloudWatchMetrics).toMatchObject([
      { Dimensions: [['service', 'source']], Metrics: [{ Name: METRIC.received }, { Name: METRIC.rejected }] },
      { Dimensions: [['service', 'source', 'reason']], Metrics: [{ Name: METRIC.rejected }] },
    ]);
  });

  it('counts a delivery to a source without a secret as no outage, and takes no version of the verifier back for it', () => {
    const { observer, metrics } = telemetry('osigu', 'hookgate-test');
    observer.secretMissing();
    metrics.publishStoredMetrics();
    expect(metricLines()).toMatchObject([{ [METRIC.secretMissing]: 1 }]);
    expect(metricLines()[0]).not.toHaveProperty(METRIC.unavailable);
  });

  it('counts what waits, and apart from it what has waited for two days: paused, or behind an open breaker alone', () => {
    const { observer, metrics } = telemetry('osigu', 'hookgate-test');
    const hours = 3_600_000;
    observer.held('paused', 3, 47 * hours);
    observer.held('limited', 5, 0);
    metrics.publishStoredMetrics();
    observer.held('open', 2, 48 * hours);
    metrics.publishStoredMetrics();
    expect(metricLines()).toMatchObject([{ Paused: 3 }, { Paused: 2, PausedLong: 2 }]);
    expect(metricLines()[0]).not.toHaveProperty('PausedLong');
  });

  it('says once that events have no order key, with the path at which it looked', () => {
    const { observer } = telemetry('osigu', 'hookgate-test');
    observer.unordered('data.patientId');
    observer.unordered('data.patientId');
    expect(lines).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ level: 'WARN', source: 'osigu', by: 'data.patientId' });
  });

  it('starts every invocation with no count', () => {
    const { observer, metrics } = telemetry('osigu', 'hookgate-test');
    observer.rejected('signature_mismatch');
    metrics.publishStoredMetrics();
    observer.received();
    metrics.publishStoredMetrics();
    expect(metricLines()[1]).not.toHaveProperty('reason');
    expect(metricLines()[1]?._aws.CloudWatchMetrics).toHaveLength(1);
  });

  it('counts by the version of the secret what is not counted by source alone', () => {
    const { observer, metrics } = telemetry('osigu', 'hookgate-test');
    observer.received();
    observer.verified('previous');
    metrics.publishStoredMetrics();
    expect(metricLines()).toMatchObject([
      {
        ...{ secretVersion: 'previous', [METRIC.verifiedWith]: 1 },
        _aws: {
          CloudWatchMetrics: [
            { Metrics: [{ Name: METRIC.received }] },
            { Dimensions: [['service', 'source', 'secretVersion']], Metrics: [{ Name: METRIC.verifiedWith }] },
          ],
        },
      },
    ]);
  });

  it('counts the tries of a published version, and those of them that failed', () => {
    process.env.AWS_LAMBDA_FUNCTION_VERSION = '12';
    const { observer, metrics } = telemetry('osigu', 'hookgate-test');
    delete process.env.AWS_LAMBDA_FUNCTION_VERSION;
    observer.processed(5);
    observer.dropped();
    observer.failed('timeout');
    metrics.publishStoredMetrics();
    const [line] = metricLines();
    expect(line).toMatchObject({ version: '12', [METRIC.tried]: 3, [METRIC.failed]: 1 });
    expect(line?._aws.CloudWatchMetrics[1]).toMatchObject({
      Dimensions: [['service', 'source', 'version']],
      Metrics: [{ Name: METRIC.tried }, { Name: METRIC.failed }],
    });
    const newest = telemetry('osigu', 'hookgate-test');
    newest.observer.processed(5);
    newest.metrics.publishStoredMetrics();
    expect(metricLines()[1]).not.toHaveProperty(METRIC.tried);
  });

  it('counts a verified delivery as a try of the version, whatever becomes of it', () => {
    process.env.AWS_LAMBDA_FUNCTION_VERSION = '12';
    const { observer, metrics } = telemetry('osigu', 'hookgate-test');
    delete process.env.AWS_LAMBDA_FUNCTION_VERSION;
    observer.verified('current');
    observer.unavailable('accept', 'TimeoutError');
    observer.rejected('signature_mismatch');
    metrics.publishStoredMetrics();
    expect(metricLines()[0]).toMatchObject({ version: '12', [METRIC.tried]: 1, [METRIC.unavailable]: 1 });
  });

  it('gives another value of the same dimension, or another count, a line of its own', () => {
    const { observer, metrics } = telemetry('osigu', 'hookgate-test');
    for (const reason of ['not_json', 'conflict', 'conflict'] as const) observer.quarantined(reason);
    metrics.publishStoredMetrics();
    const lines = metricLines().map((line) => [line.reason, line[METRIC.quarantined]]);
    expect(lines).toEqual([
      ['not_json', 1],
      ['conflict', 2],
      [undefined, [1, 1, 1]],
    ]);
  });

  it('logs the source and the reason of a rejection', () => {
    telemetry('nabla', 'hookgate-test').observer.rejected('timestamp_out_of_window');
    const line = lines.map((text) => JSON.parse(text) as Record<string, unknown>).find(({ level }) => level === 'WARN');
    expect(line).toMatchObject({ source: 'nabla', reason: 'timestamp_out_of_window', message: 'delivery rejected' });
  });
});
