import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { randomUUID } from 'node:crypto';
import { identify } from '../../lambdas/core/receive/identify.ts';
import { encodeMessage } from '../../lambdas/core/message.ts';
import { subscriptionOf } from '../../local/fake-providers/settings.ts';
import { hangUp, post } from '../end-to-end/load.ts';
import { LOCAL_SECRET, newBody, routeOf, sign } from '../gateway/deliveries.ts';
import type { Signed } from '../gateway/deliveries.ts';
import { startGateway } from '../gateway/process.ts';
import type { GatewayAddresses } from '../gateway/process.ts';
import { number } from '../report.ts';
import type { Report } from '../report.ts';
import { benchSource } from '../sources.ts';
import { callsDuring, total, without } from './count.ts';
import type { Calls } from './count.ts';
import { priceOf } from './prices.ts';

/** Calls for one event, or for as many as `events` says. */
interface Figure {
  readonly what: string;
  readonly calls: Calls;
  readonly events: number;
  readonly goal?: number;
}

const BATCH = 10;

/** The AWS calls of everything that can happen to an event, as the local gateway's own log has them, and what they cost. */
export async function countAwsCalls(): Promise<Report> {
  const gateway = await startGateway();
  try {
    const figures = [
      ...(await verifierFigures(gateway.addresses)),
      await missedFigure(gateway.addresses),
      await batchFigure(gateway.addresses),
    ];
    return { figures, tables: [table(figures)] };
  } finally {
    hangUp();
    await gateway.stop();
  }
}

async function verifierFigures({ url }: GatewayAddresses): Promise<Figure[]> {
  const route = routeOf(url);
  const sending = (delivery: Signed, status: number) =>
    callsDuring(url, 'OsiguVerifier', async () => {
      const answered = await post(delivery);
      if (answered !== status) throw new Error(`answered ${answered} in the place of ${status}`);
    });
  const body = newBody();
  const known = sign(route, body, LOCAL_SECRET);
  const other = sign(route, Buffer.from(body.toString('utf8').replace('Synthetic', 'synthetic')), LOCAL_SECRET);
  const forged = (): Signed => sign(route, newBody(), 'another secret');
  const unsigned = { ...known, headers: { 'content-type': 'application/json' } };
  const one = (what: string, calls: Calls, goal?: number): Figure => ({
    what,
    calls,
    events: 1,
    ...(goal !== undefined && { goal }),
  });
  const cold = await sending(sign(route, newBody(), LOCAL_SECRET), 200);
  const accepted = await sending(known, 200);
  return [
    one('a new event', accepted),
    one('a new event, the secret not cached', cold),
    one('a duplicate', await sending(known, 200)),
    one('a conflict', await sending(other, 200)),
    one('a forgery, the first in 15 s', await sending(forged(), 401)),
    one('a forgery', await sending(forged(), 401), 0),
    one('a request without a signature', await sending(unsigned, 401), 0),
  ];
}

/** The calls that a poll which finds an event makes more than one that finds none. */
async function missedFigure({ url, fakeProviders }: GatewayAddresses): Promise<Figure> {
  const poll = () =>
    callsDuring(url, 'OptumPoller', async () => {
      const response = await fetch(`${url}/_local/missed-events/optum`, { method: 'POST' });
      if (!response.ok) throw new Error(`the poll was answered with ${response.status}`);
    });
  await poll();
  const idle = await poll();
  const event = benchSource('optum').provider.sample({ id: randomUUID(), now: new Date() });
  const listed = await fetch(`${fakeProviders}/_control/optum/${subscriptionOf('optum')}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify([event]),
  });
  if (!listed.ok) throw new Error(`the event was not listed: ${listed.status}`);
  return {
    what: `a missed event, beside the poll's own ${total(idle)}`,
    calls: without(await poll(), idle),
    events: 1,
  };
}

/** A full batch, handed to the processor as its queue would. */
async function batchFigure({ url, aws }: GatewayAddresses): Promise<Figure> {
  const lambda = new LambdaClient(aws);
  const records = Array.from({ length: BATCH }, () => ({
    ...{ messageId: randomUUID(), receiptHandle: randomUUID(), body: queued() },
    attributes: { ApproximateReceiveCount: '1', SentTimestamp: String(Date.now()) },
  }));
  const calls = await callsDuring(url, 'OsiguProcessor', async () => {
    const payload = JSON.stringify({ Records: records });
    const answer = await lambda.send(new InvokeCommand({ FunctionName: 'OsiguProcessor', Payload: payload }));
    const text = answer.Payload?.transformToString() ?? '';
    if (text !== '{"batchItemFailures":[]}') throw new Error(`the processor answered ${text}`);
  });
  lambda.destroy();
  return { what: `${BATCH} events processed in one batch`, calls, events: BATCH, goal: 2.2 };
}

/** A message of the queue with a new event. */
function queued(): string {
  const source = { ...benchSource('osigu'), name: 'osigu' };
  const delivery = { method: 'POST', url: '', headers: new Map(), body: newBody() };
  const verdict = { ok: true, secret: { label: 'current', versionId: 'bench' } } as const;
  return encodeMessage(identify({ delivery, verdict, receivedAt: new Date() }, source));
}

const table = (figures: readonly Figure[]): Report['tables'][number] => ({
  id: 'aws-calls',
  title: 'AWS calls, counted on the local gateway, and what a million events pay for them (us-east-1)',
  columns: ['what', 'calls', 'calls an event', 'goal', '$ a million'],
  rows: figures.map(({ what, calls, events, goal }) => {
    const each = total(calls) / events;
    const verdict = goal === undefined ? '' : `≤ ${goal}: ${each <= goal ? 'met' : 'missed'}`;
    const names = Object.entries(calls).map(([name, count]) => `${count} ${name}`);
    return [what, names.join(', ') || 'none', number(each, 1), verdict, number(priceOf(calls, events), 2)];
  }),
});
