import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Signed } from '../gateway/deliveries.ts';

/** The outcome of a load. */
export interface Outcome {
  /** Answers of the status that was expected, a second. */
  readonly perSecond: number;
  /** Answers of any other status, and none at all. */
  readonly others: number;
  /** Milliseconds to each answer; at a fixed rate from when the request was due, so that a late one counts as slow. */
  readonly milliseconds: readonly number[];
}

export interface Load {
  readonly seconds: number;
  readonly expected: number;
  readonly next: () => Signed;
}

const agent = new Agent({ keepAlive: true, maxSockets: 256 });

/** Sends so many requests a second, whether those before are answered or not. */
export async function fixedRate(perSecond: number, load: Load): Promise<Outcome> {
  const outcome = recorder(load);
  const sent: Promise<void>[] = [];
  const started = performance.now();
  for (let count = 0; count < perSecond * load.seconds; count++) {
    const due = started + (count / perSecond) * 1000;
    await sleep(Math.max(0, due - performance.now()));
    sent.push(outcome.send(due));
  }
  await Promise.all(sent);
  return outcome.end(started);
}

/** Keeps so many requests under way. */
export async function fullSpeed(atOnce: number, load: Load): Promise<Outcome> {
  const outcome = recorder(load);
  const started = performance.now();
  const worker = async (): Promise<void> => {
    while (performance.now() - started < load.seconds * 1000) await outcome.send(performance.now());
  };
  await Promise.all(Array.from({ length: atOnce }, worker));
  return outcome.end(started);
}

function recorder({ expected, next }: Load) {
  const milliseconds: number[] = [];
  let others = 0;
  return {
    async send(due: number): Promise<void> {
      const status = await post(next());
      if (status === expected) milliseconds.push(performance.now() - due);
      else others++;
    },
    end: (started: number): Outcome => ({
      perSecond: milliseconds.length / ((performance.now() - started) / 1000),
      others,
      milliseconds,
    }),
  };
}

/** The status of the answer; 0 if none came. */
export const post = ({ url, headers, body }: Signed): Promise<number> =>
  new Promise((resolve) => {
    const outgoing = request(url, { method: 'POST', headers, agent }, (incoming) => {
      incoming.resume();
      incoming.once('end', () => resolve(incoming.statusCode ?? 0));
      incoming.once('error', () => resolve(0));
    });
    outgoing.once('error', () => resolve(0));
    outgoing.end(body);
  });

/** Ends the connections that are kept alive. */
export const hangUp = (): void => agent.destroy();
