import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import type { OperatedGateway } from '../../../cli/ops/gateway.ts';
import type { Ops } from '../../../cli/ops/ops.ts';
import { refusedOperation } from '../../../cli/ops/refused/refused.ts';
import { telemetry } from '../../../lambdas/adapters/observer.ts';
import { resolveConfig } from '../../../lib/config/config.ts';
import { refusals } from '../../../local/refusals.ts';

const NOW = Date.parse('2026-11-26T12:00:00Z');
const config = resolveConfig({ sources: { osigu: { provider: 'osigu' }, nabla: { provider: 'nabla' } } });
const logs = mockClient(CloudWatchLogsClient);

const line = (source: string, reason: string, timestamp: string): string =>
  JSON.stringify({ level: 'WARN', message: 'delivery rejected', source, reason, timestamp });
const LINES = [
  line('osigu', 'signature_mismatch', '2026-11-26T11:59:00.000Z'),
  line('osigu', 'signature_mismatch', '2026-11-26T10:01:00.000Z'),
  line('osigu', 'missing_signature', '2026-11-26T11:58:00.000Z'),
];

const onAws: OperatedGateway = {
  ...{ name: 'hookgate-dev', isLocal: false, output: () => '' },
  outputOf: () => Promise.resolve(''),
  resourceOf: (source, part) => Promise.resolve(`logs of ${source}: ${part}`),
  client: (Kind) => new Kind({ region: 'us-east-1' }),
};
const run = async (input: Record<string, unknown>, gateway = onAws) => {
  const ops = { config, gateway, clock: () => NOW } as unknown as Ops;
  return (await refusedOperation.run(ops, input)).data as Record<string, unknown>;
};

beforeEach(() => void logs.reset());

describe('ops refused', () => {
  it('counts by reason and by hour, over all pages of the log', async () => {
    logs
      .on(FilterLogEventsCommand)
      .resolves({ events: [{ message: LINES[0] }, { message: 'START RequestId' }], nextToken: 'more' })
      .on(FilterLogEventsCommand, { nextToken: 'more' }, false)
      .resolves({ events: LINES.slice(1).map((message) => ({ message })) });
    const group = { source: 'osigu', reason: 'signature_mismatch' };
    expect(await run({ source: 'osigu' })).toEqual({
      ...{ total: 3, complete: true },
      reasons: [
        { ...group, count: 2, firstAt: '2026-11-26T10:01:00.000Z', lastAt: '2026-11-26T11:59:00.000Z' },
        expect.objectContaining({ reason: 'missing_signature', count: 1 }),
      ],
      hours: [
        { ...group, count: 1, hour: '2026-11-26T11:00:00.000Z' },
        { source: 'osigu', reason: 'missing_signature', count: 1, hour: '2026-11-26T11:00:00.000Z' },
        { ...group, count: 1, hour: '2026-11-26T10:00:00.000Z' },
      ],
    });
    const [first] = logs.commandCalls(FilterLogEventsCommand);
    expect(first?.args[0].input).toMatchObject({
      ...{ logGroupName: 'logs of osigu: VerifierLogs', filterPattern: '{ $.message = "delivery rejected" }' },
      startTime: NOW - 86_400_000,
    });
  });

  it('says if it has not read all', async () => {
    logs.on(FilterLogEventsCommand).resolves({ events: LINES.map((message) => ({ message })), nextToken: 'more' });
    expect(await run({ source: 'osigu', limit: 2 })).toMatchObject({ total: 2, complete: false });
  });

  it('of one reason, and of the local gateway', async () => {
    const kept = refusals();
    for (const each of LINES) kept.addLine(`[OsiguVerifier] ${each}`);
    kept.addLine('[OsiguVerifier] {"message":"delivery rejected"}');
    const gateway = { ...onAws, isLocal: true, view: () => Promise.resolve(kept.list()) } as unknown as OperatedGateway;
    expect(await run({ reason: 'missing_signature' }, gateway)).toMatchObject({ total: 1, complete: true });
    expect(await run({ since: '1h' }, gateway)).toMatchObject({ total: 2 });
  });

  it('reads the line that the verifier writes', () => {
    const kept = refusals();
    const { logger, observer } = telemetry('osigu', 'hookgate-dev');
    const written: string[] = [];
    const { console: own } = logger as unknown as { console: { warn: (text: string) => void } };
    own.warn = (text) => void written.push(text);
    observer.rejected('signature_mismatch');
    for (const text of written) kept.addLine(text);
    expect(kept.list()).toMatchObject([{ source: 'osigu', reason: 'signature_mismatch' }]);
  });
});

describe('the deliveries that the local gateway keeps', () => {
  const refusal = '{"error":"signature_mismatch"}';

  it('are those that were refused, the last of each source', () => {
    const kept = refusals();
    kept.addAnswer('osigu', 'one', refusal, '2026-11-26T12:00:00Z');
    kept.addAnswer('osigu', 'two', refusal, '2026-11-26T12:00:01Z');
    kept.addAnswer('nabla', 'three', '{"status":"accepted"}', '2026-11-26T12:00:02Z');
    kept.addAnswer('nabla', 'four', '{"error":"unavailable"}', '2026-11-26T12:00:03Z');
    kept.addAnswer('nabla', 'five', 'no JSON', '2026-11-26T12:00:04Z');
    expect(kept.last('osigu')).toMatchObject({ event: 'two', reason: 'signature_mismatch' });
    expect(kept.last('nabla')).toBeUndefined();
  });

  it('are bounded in number and in bytes', () => {
    const kept = refusals();
    kept.addAnswer('first', 'x', refusal, '');
    for (let count = 0; count < 50; count++) kept.addAnswer('osigu', 'x', refusal, '');
    expect(kept.last('first')).toBeUndefined();
    kept.addAnswer('large', 'x'.repeat(20 * 1024 * 1024), refusal, '');
    kept.addAnswer('larger', 'x'.repeat(20 * 1024 * 1024), refusal, '');
    expect(kept.last('large')).toBeUndefined();
    expect(kept.last('larger')).toBeDefined();
    kept.addAnswer('too large', 'x'.repeat(40 * 1024 * 1024), refusal, '');
    expect(kept.last('too large')).toBeUndefined();
  });
});
