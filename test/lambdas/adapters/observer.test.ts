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
    const { observer, metrics } = telemetry('osigu-sandbox');
    observer.received();
    observer.rejected('signature_mismatch');
    metrics.publishStoredMetrics();
    const [byReason, bySource] = metricLines();
    expect(byReason).toMatchObject({ source: 'osigu-sandbox', reason: 'signature_mismatch', [METRIC.rejected]: 1 });
    expect(byReason?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([['service', 'source', 'reason']]);
    expect(bySource).toMatchObject({ source: 'osigu-sandbox', [METRIC.received]: 1, [METRIC.rejected]: 1 });
    expect(bySource?._aws.CloudWatchMetrics[0]?.Dimensions).toEqual([['service', 'source']]);
  });

  it('logs the source and the reason of a rejection', () => {
    telemetry('nabla').observer.rejected('timestamp_out_of_window');
    const line = lines.map((text) => JSON.parse(text) as Record<string, unknown>).find(({ level }) => level === 'WARN');
    expect(line).toMatchObject({ source: 'nabla', reason: 'timestamp_out_of_window', message: 'delivery rejected' });
  });
});
