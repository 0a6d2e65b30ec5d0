import { CloudWatchClient, GetMetricDataCommand } from '@aws-sdk/client-cloudwatch';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { createHash } from 'node:crypto';
import type { OperatedGateway } from '../../../cli/ops/gateway.ts';
import type { Ops } from '../../../cli/ops/ops.ts';
import { collect } from '../../../cli/ops/report/collect.ts';
import { markup } from '../../../cli/ops/report/html.ts';
import { page } from '../../../cli/ops/report/page.ts';
import { bars, lines } from '../../../cli/ops/report/plots.ts';
import { reportOperation } from '../../../cli/ops/report/report.ts';
import { SourceMetrics } from '../../../lambdas/adapters/metrics.ts';
import { METRIC } from '../../../lambdas/contract.ts';
import { resolveConfig } from '../../../lib/config/config.ts';
import { metricsLog } from '../../../local/metrics-log.ts';

const NOW = Date.now();
const config = resolveConfig({ sources: { osigu: { provider: 'osigu' }, nabla: { provider: 'nabla' } } });
const [cloudWatch, sqs] = [mockClient(CloudWatchClient), mockClient(SQSClient)];
const AXIS = { from: NOW - 3_600_000, to: NOW, seconds: 900 };

/** The lines that functions of the gateway write. */
function emitted(): string[] {
  const written: string[] = [];
  const metrics = new SourceMetrics('osigu', 'hookgate-dev');
  (metrics as unknown as { console: { log: (text: string) => void } }).console = {
    log: (text) => void written.push(text),
  };
  for (const [time, reason] of [[10], [20], [300, 'signature_mismatch'], [30, 'missing_signature']] as const) {
    metrics.count(METRIC.received);
    if (reason === undefined) metrics.count(METRIC.accepted);
    else {
      metrics.count(METRIC.rejected);
      metrics.countBy(METRIC.rejected, METRIC.dimension.reason, reason);
    }
    metrics.time(METRIC.acknowledgeTime, time);
    metrics.publishStoredMetrics();
  }
  return written;
}

const local = (points: readonly unknown[]): OperatedGateway =>
  ({
    ...{ name: 'http://127.0.0.1:4000', isLocal: true, output: () => '' },
    resourceOf: (source: string, part: string) => Promise.resolve(`https://queues/${source}${part}`),
    client: () => new SQSClient({ region: 'us-east-1' }),
    view: () => Promise.resolve(points),
  }) as unknown as OperatedGateway;

const opsOn = (gateway: OperatedGateway, files?: Map<string, string>): Ops =>
  ({
    ...{ config, gateway, clock: () => NOW },
    ...(files && { writeFile: (path: string, text: string) => Promise.resolve(void files.set(path, text)) }),
  }) as unknown as Ops;

beforeEach(() => {
  for (const mock of [cloudWatch, sqs]) mock.reset();
  sqs.on(GetQueueAttributesCommand).resolves({
    Attributes: { ApproximateNumberOfMessages: '2', ApproximateNumberOfMessagesNotVisible: '1' },
  });
});

function points() {
  const log = metricsLog();
  for (const line of emitted()) log.addLine(`[OsiguVerifier] ${line}`);
  for (const line of ['no metrics', '{"_aws":{}}', '[x] {"_aws":{ broken']) log.addLine(line);
  return log.list();
}

describe('ops report', () => {
  it('counts what the functions emit, on one machine', async () => {
    const files = new Map<string, string>();
    const { data } = await reportOperation.run(opsOn(local(points()), files), { since: '1h', out: 'x.html' });
    expect(data).toMatchObject({
      ...{ file: 'x.html', stepSeconds: 60 },
      sources: [
        {
          ...{ source: 'osigu', deadLetters: 3 },
          counts: { received: 4, accepted: 2, refused: 2, duplicates: 0, processed: 0 },
          refusals: expect.arrayContaining([
            { reason: 'signature_mismatch', count: 1 },
            { reason: 'missing_signature', count: 1 },
          ]),
        },
        { source: 'nabla', counts: { received: 0 }, refusals: [], costUsd: 0 },
      ],
    });
    expect(data).not.toHaveProperty('html');
    expect(files.get('x.html')).toContain('signature_mismatch');
  });

  it('has percentiles, and a gap where there was nothing', async () => {
    const [osigu] = await collect(opsOn(local(points())), AXIS);
    const values = (part: 'p50' | 'p99') => osigu?.times.answer[part].filter((value) => value !== undefined);
    expect(values('p50')).toEqual([20]);
    expect(values('p99')).toEqual([300]);
    expect(osigu?.times.answer.p50).toHaveLength(4);
  });

  it('asks CloudWatch for the metrics as they are published, and puts each value at its time', async () => {
    cloudWatch.on(GetMetricDataCommand).callsFake(
      (request: {
        MetricDataQueries: {
          Id: string;
          MetricStat: { Metric: { MetricName: string; Dimensions: { Value: string }[] }; Stat: string };
        }[];
      }) => ({
        MetricDataResults: request.MetricDataQueries.filter(
          ({ MetricStat: { Metric, Stat } }) =>
            Metric.MetricName === 'Accepted' &&
            Stat === 'Sum' &&
            Metric.Dimensions.some(({ Value }) => Value === 'nabla'),
        ).map(({ Id }) => ({
          Id,
          Timestamps: [new Date(AXIS.from + 1_800_000), new Date(AXIS.from)],
          Values: [7, 5],
        })),
      }),
    );
    const gateway = { ...local([]), isLocal: false, name: 'hookgate-dev' };
    const client = <Client>(Kind: new (settings: object) => Client) => new Kind({ region: 'us-east-1' });
    const [, nabla] = await collect(opsOn({ ...gateway, client }), AXIS);
    expect(nabla?.counts.accepted).toEqual({ total: 12, values: [5, undefined, 7, undefined] });
    const [call] = cloudWatch.commandCalls(GetMetricDataCommand);
    const [first] = call?.args[0].input.MetricDataQueries ?? [];
    expect(first?.MetricStat).toEqual({
      ...{ Period: 900, Stat: 'Sum' },
      Metric: {
        ...{ Namespace: 'Hookgate', MetricName: 'Received' },
        Dimensions: [
          { Name: 'service', Value: 'hookgate-dev' },
          { Name: 'source', Value: 'osigu' },
        ],
      },
    });
  });

  it('returns the page if there is no file to write', async () => {
    const { data } = await reportOperation.run(opsOn(local([])), { since: '30d' });
    expect(data).toMatchObject({ file: null, html: expect.stringContaining('<!doctype html>'), stepSeconds: 86_400 });
  });

  it.each([
    [{ since: '2026-01-02T00:00:00Z', until: '2026-01-01T00:00:00Z' }, '--since is not before'],
    [{ since: '401d' }, '400 days at most'],
    [{ since: 'soon' }, '--since must be a time'],
  ])('refuses %j', async (input, message) => {
    await expect(reportOperation.run(opsOn(local([])), input)).rejects.toThrow(message);
  });
});

describe('the page', () => {
  const made = async () =>
    page('<script>alert(1)</script>', new Date(NOW), AXIS, await collect(opsOn(local(points())), AXIS));

  it('needs nothing else, and runs nothing: its one style is named by its hash', async () => {
    const text = await made();
    const [, style = ''] = /<style>([^]*?)<\/style>/.exec(text) ?? [];
    expect(text).toContain(
      `style-src 'sha256-${createHash('sha256').update(style).digest('base64')}'`.replaceAll("'", '&#39;'),
    );
    expect(text).toContain('default-src &#39;none&#39;');
    expect(text).not.toMatch(/<script|<link|<img|https?:\/\/(?!127)|\son\w+=|\sstyle=/i);
  });

  it('has whole elements', async () => {
    const open: string[] = [];
    for (const [, end, name = '', own] of (await made()).matchAll(/<(\/?)([a-z0-9]+)(?:\s[^>]*?)?(\/?)>/g)) {
      if (name === 'meta' || own === '/') continue;
      if (end === '/') expect(open.pop()).toBe(name);
      else open.push(name);
    }
    expect(open).toEqual([]);
  });

  it('escapes whatever is put into it', () => {
    const hostile = `</td><script>alert("x")</script>&'`;
    const safe = '&lt;/td&gt;&lt;script&gt;alert(&quot;x&quot;)&lt;/script&gt;&amp;&#39;';
    expect(markup`<p title="${hostile}">${hostile}</p>`.text).toBe(`<p title="${safe}">${safe}</p>`);
    for (const plot of [bars, (title: string) => lines(title, AXIS, ' ms', [{ name: hostile, values: [1] }])]) {
      const { text } = plot(hostile, AXIS, [{ name: hostile, values: [1] }]);
      expect(text).not.toContain('<script');
    }
  });

  it('draws no bar for nothing, and none out of its plot', () => {
    expect(bars('x', AXIS, [{ name: 'a', values: [0, undefined] }]).text).not.toContain('<title>');
    const { text } = bars('x', AXIS, [
      { name: 'a', values: [3, 41] },
      { name: 'b', values: [1, 2] },
    ]);
    const tops = [...text.matchAll(/<rect\s+x="[\d.]+"\s+y="([\d.]+)"[^>]*height="([\d.]+)"/g)].map(([, y, height]) => [
      Number(y),
      Number(height),
    ]);
    expect(tops).toHaveLength(4);
    for (const [y = 0, height = 0] of tops) {
      expect(y).toBeGreaterThanOrEqual(8);
      expect(y + height).toBeLessThanOrEqual(196.1);
    }
  });
});
