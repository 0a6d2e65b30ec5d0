import type { Provider } from '../../lambdas/core/provider.ts';
import { availableParallelism } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { busSource, webhookPath } from '../../lambdas/contract.ts';
import { eventKey } from './event-key.ts';
import type { Inspection } from './inspection.ts';
import { post } from './post.ts';
import type { Outcome } from './post.ts';
import { altered, coverageOf, isExpected, isFlawed, sample, signed, signsTime } from './signed.ts';
import type { Flaws } from './signed.ts';
import type { SenderSource } from '../sources.ts';
import { localSecrets } from '../local-gateway.ts';
import type { ShellEnvironment } from '../local-gateway.ts';

export interface DemoContext {
  readonly origin: string;
  readonly env: ShellEnvironment;
  readonly inspection: Inspection;
  /** Milliseconds to wait for an event to be processed. */
  readonly patienceMs: number;
}

/** One delivery of the demo, and what became of its event. */
export interface Row {
  readonly source: string;
  readonly delivery: 'valid' | 'duplicate' | 'forged' | 'stale' | 'altered';
  /** The status expected, as it is printed. */
  readonly expected: string;
  readonly outcome: Outcome;
  /** The fate of the event, in the ledger and on the bus. */
  readonly effect: string;
  readonly ok: boolean;
}

const POLL_MS = 100;

/**
 * Sources that are shown at a time: more of them would wait for each other's processes on the local gateway, or for a processor,
 * until a function runs out of time.
 */
const SIDE_BY_SIDE = Math.min(6, Math.max(2, availableParallelism()));

/** The demo of all sources, side by side. Throws an OperatorError if no local gateway is running. */
export async function demonstrateAll(sources: readonly SenderSource[], context: DemoContext): Promise<Row[]> {
  // Asked first, so that nothing is sent to whatever else may listen there.
  await context.inspection.bus();
  const rows: Row[][] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    for (let index = next++; index < sources.length; index = next++) {
      const source = sources[index];
      if (source) rows[index] = await demonstrate(source, context);
    }
  };
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
  return rows.flat();
}

/** Sends a source's deliveries one after the other, waits for the processing, and judges what happened. */
export async function demonstrate(source: SenderSource, context: DemoContext): Promise<Row[]> {
  // The duplicate is the same delivery once more: some providers' events are told apart by the signed time.
  const now = new Date();
  const good = sample(source, now);
  const valid = await deliver(source, { body: good, now }, {}, context);
  const duplicate = await deliver(source, { body: good, now }, {}, context);
  const flawed = [];
  for (const [index, [delivery, flaws]] of flawsOf(source).entries()) {
    // Another second for each: a body may hold nothing but its time that tells it from the one before.
    const body = sample(source, new Date(Date.now() + (index + 1) * 1000));
    const sent = { body, now: new Date() };
    flawed.push({ delivery, flaws, sent, outcome: await deliver(source, sent, flaws, context) });
  }

  const after = await settle(source, { body: good, now }, context);
  const row = (delivery: Row['delivery'], flaws: Flaws, outcome: Outcome, effect: Effect): Row => ({
    source: source.name,
    delivery,
    expected: expectedStatus(source.provider, flaws),
    outcome,
    effect: effect.text,
    ok: isExpected(outcome.status, source.provider, flaws) && effect.ok,
  });
  return [
    row('valid', {}, valid, processedOnce(source, after)),
    row('duplicate', {}, duplicate, countedOnly(after)),
    ...flawed.map(({ delivery, flaws, sent: { body, now: signedAt }, outcome }) =>
      row(
        delivery,
        flaws,
        outcome,
        unknownToLedger(
          [body, altered(body)].map((each) => eventKey(source, each, signedAt)),
          after,
        ),
      ),
    ),
  ];
}

function flawsOf(source: SenderSource): readonly (readonly ['forged' | 'stale' | 'altered', Flaws])[] {
  return [
    ['forged', { forge: true }],
    ...(signsTime(source) ? [['stale', { stale: true }] as const] : []),
    ...(coverageOf(source) === 'body' ? [['altered', { alter: true }] as const] : []),
  ];
}

const UNSEEN = {
  fields: 'only some fields of the body are signed',
  caller: 'nothing of the body is signed: only the caller is proved',
} as const;

/** A line for each source that no altered delivery is sent to, because its signature does not cover the body. */
export const unseenChanges = (sources: readonly SenderSource[]): string[] =>
  sources.flatMap((source) => {
    const coverage = coverageOf(source);
    return coverage === 'body' ? [] : [`${source.name}: no altered delivery is shown, because ${UNSEEN[coverage]}.`];
  });

/** A body, and the time at which it is signed. */
interface Sent {
  readonly body: Buffer;
  readonly now: Date;
}

async function deliver(source: SenderSource, sent: Sent, flaws: Flaws, { origin, env }: DemoContext) {
  const secret = localSecrets(source, env).signing;
  const url = origin + webhookPath(source.name);
  return post(signed({ source, url, ...sent, secret, flaws }));
}

/** The gateway's state once the event is processed and nothing waits, or patience has run out. */
interface Aftermath {
  readonly status: string;
  readonly deliveries: number;
  readonly published: number;
  /** Keys of all events of the source. */
  readonly keys: ReadonlySet<string>;
}

async function settle(source: SenderSource, { body, now }: Sent, context: DemoContext): Promise<Aftermath> {
  const { inspection, patienceMs } = context;
  const key = eventKey(source, body, now);
  const deadline = performance.now() + patienceMs;
  for (;;) {
    const [queue, events] = [await inspection.queue(source.name), await inspection.events(source.name)];
    const event = events.find((candidate) => candidate.key === key);
    const settled = event?.status === 'PROCESSED' && (queue?.visible ?? 0) + (queue?.inFlight ?? 0) === 0;
    if (settled || performance.now() > deadline) {
      return {
        status: event?.status ?? 'not in the ledger',
        deliveries: event?.deliveries ?? 0,
        published: (await inspection.bus()).filter(
          (entry) => entry.source === busSource(source.name) && entry.detail.metadata?.key === key,
        ).length,
        keys: new Set(events.map((candidate) => candidate.key)),
      };
    }
    await sleep(POLL_MS);
  }
}

interface Effect {
  readonly text: string;
  readonly ok: boolean;
}

/** A source's own handler need not publish: the ledger alone speaks for it. */
function processedOnce({ handler }: SenderSource, { status, published }: Aftermath): Effect {
  if (status !== 'PROCESSED') return { text: `not processed: ${status}`, ok: false };
  if (handler !== undefined) return { text: 'processed by its handler', ok: true };
  return published === 1 ? { text: 'processed once', ok: true } : { text: `published ${published} times`, ok: false };
}

const countedOnly = ({ deliveries, published }: Aftermath): Effect =>
  deliveries === 2 && published <= 1
    ? { text: 'counted, not processed again', ok: true }
    : { text: `${deliveries} deliveries counted, published ${published} times`, ok: false };

const unknownToLedger = (possible: readonly string[], { keys }: Aftermath): Effect =>
  possible.some((key) => keys.has(key))
    ? { text: 'in the ledger', ok: false }
    : { text: 'not in the ledger', ok: true };

/** The status as it is printed. A provider that wants an answer of its own takes any success. */
const expectedStatus = (provider: Provider, flaws: Flaws): string =>
  isFlawed(flaws) ? String(provider.rejectionStatus) : 'acknowledge' in provider ? '2xx' : '200';
