import { setTimeout as sleep } from 'node:timers/promises';
import { deliver } from './deliver.ts';
import type { Delivered } from './deliver.ts';
import type { Downtime } from './doom.ts';
import { planEvent } from './events.ts';
import type { PlannedEvent } from './events.ts';
import type { SenderSource } from '../../cli/sources.ts';

export interface LoadOptions {
  readonly events: number;
  /** New events a second; what cannot be sent in time is sent as soon as it can. */
  readonly perSecond: number;
  /** Deliveries under way at once. */
  readonly concurrency: number;
  readonly origin: string;
  readonly sources: readonly SenderSource[];
  readonly secretOf: (source: string) => string;
  readonly random: () => number;
  readonly down: Downtime;
  readonly progress: (line: string) => void;
  /** Told how many events have been planned so far, with each of them. */
  readonly onEvent?: (count: number) => void;
}

/** The senders' account when everything is sent. */
export interface Sent {
  readonly events: readonly PlannedEvent[];
  readonly acknowledged: ReadonlySet<string>;
  /** Milliseconds of the answers of 2xx. */
  readonly times: readonly number[];
  readonly deliveries: number;
  readonly retries: number;
  /** Answers to authentic deliveries that say: do not come again. */
  readonly turnedAway: number;
  readonly seconds: number;
}

const PROGRESS_MS = 10_000;

/** Sends events by the plan, each as its provider would. */
export async function load(options: LoadOptions): Promise<Sent> {
  const { events: total, perSecond, concurrency, origin, sources, secretOf, random, down } = options;
  const events: PlannedEvent[] = [];
  const acknowledged = new Set<string>();
  const times: number[] = [];
  const later = new Set<Promise<void>>();
  let [deliveries, retries, turnedAway] = [0, 0, 0];
  const started = performance.now();

  const note = (event: PlannedEvent, { status, tries, refusals, milliseconds }: Delivered): void => {
    deliveries += tries;
    retries += tries - 1;
    const final = [...refusals, status].filter((each) => each >= 400 && each < 500 && each !== 429);
    if (event.kind !== 'forged') turnedAway += final.length;
    if (status < 200 || status >= 300) return;
    acknowledged.add(event.id);
    times.push(milliseconds);
  };
  const send = async (event: PlannedEvent): Promise<void> => note(event, await deliver(event, origin, secretOf));

  const sendAll = async (event: PlannedEvent): Promise<void> => {
    await Promise.all(Array.from({ length: event.kind === 'repeated' ? 3 : 1 }, () => send(event)));
    if (event.kind !== 'late') return;
    const again = sleep(500 + 4_000 * random()).then(() => send(event));
    const done = again.finally(() => later.delete(done));
    later.add(done);
  };

  const worker = async (): Promise<void> => {
    while (events.length < total) {
      const event = planEvent(sources, random, down);
      events.push(event);
      options.onEvent?.(events.length);
      const due = started + (events.length / perSecond) * 1000;
      await sleep(Math.max(0, due - performance.now()));
      await sendAll(event);
    }
  };

  const seconds = (): number => (performance.now() - started) / 1000;
  const report = (): void =>
    options.progress(`${events.length} of ${total} events sent, ${(events.length / seconds()).toFixed(0)}/s`);
  const timer = setInterval(report, PROGRESS_MS);
  try {
    await Promise.all(Array.from({ length: concurrency }, worker));
    await Promise.all(later);
  } finally {
    clearInterval(timer);
  }
  return { events, acknowledged, times, deliveries, retries, turnedAway, seconds: seconds() };
}
