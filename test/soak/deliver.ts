import { Agent, request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { webhookPath } from '../../lambdas/contract.ts';
import { signed } from '../../cli/send/signed.ts';
import type { PlannedEvent } from './events.ts';

export interface Delivered {
  /** The last status; 0 if no answer came. */
  readonly status: number;
  readonly tries: number;
  /** Statuses of the tries that were not 2xx. */
  readonly refusals: readonly number[];
  /** Milliseconds from the last try to its answer. */
  readonly milliseconds: number;
}

/** A provider's patience: after a minute and a half it gives an event up, or lists it as missed. */
const TRIES = 25;
const TIMEOUT_MS = 30_000;
const LONGEST_WAIT_MS = 5_000;

const agent = new Agent({ keepAlive: true, maxSockets: 64 });

/** Delivers an event as its provider would: signed again for every try, until the answer is 2xx. A forger tries once. */
export async function deliver(
  event: PlannedEvent,
  origin: string,
  secretOf: (source: string) => string,
): Promise<Delivered> {
  const { source, body, kind } = event;
  const url = origin + webhookPath(source.name);
  const refusals: number[] = [];
  for (let tries = 1; ; tries++) {
    const flaws = { forge: kind === 'forged' };
    const { headers } = signed({ source, url, body, secret: secretOf(source.name), now: new Date(), flaws });
    const started = performance.now();
    const status = await post(url, headers, body);
    const milliseconds = performance.now() - started;
    const isOver =
      (status >= 200 && status < 300) || tries === TRIES || (kind === 'forged' && status > 0 && status < 500);
    if (isOver) return { status, tries, refusals, milliseconds };
    refusals.push(status);
    await sleep(Math.min(LONGEST_WAIT_MS, 100 * 2 ** tries) * (0.5 + Math.random()));
  }
}

/** Resolves to the status of the answer; 0 if none came. */
const post = (url: string, headers: Readonly<Record<string, string>>, body: Buffer): Promise<number> =>
  new Promise((resolve) => {
    const options = {
      method: 'POST',
      agent,
      timeout: TIMEOUT_MS,
      headers: { ...headers, 'content-length': body.length },
    };
    const outgoing = request(url, options, (answer) => {
      answer.on('error', () => resolve(0));
      answer.on('end', () => resolve(answer.statusCode ?? 0));
      answer.resume();
    });
    outgoing.on('timeout', () => outgoing.destroy());
    outgoing.on('error', () => resolve(0));
    outgoing.end(body);
  });
