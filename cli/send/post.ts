import { errorCode, OperatorError } from '../operator-error.ts';
import type { SignedDelivery } from './signed.ts';
import { isLoopback } from '../loopback.ts';

/** The outcome of one delivery. */
export interface Outcome {
  readonly status: number;
  /** The gateway's own word: what became of the event, or why the delivery was refused. */
  readonly answer: string;
  /** From sending to the last byte of the answer. */
  readonly milliseconds: number;
}

/** Milliseconds after which an answer is given up; API Gateway itself gives up after 29 s. */
const TIMEOUT_MS = 30_000;

/** The most deliveries that are under way at once. */
const CONCURRENCY = 50;

/** Sends one delivery. Throws an {@link OperatorError} if no answer came. */
export async function post({ url, headers, body }: SignedDelivery): Promise<Outcome> {
  const started = performance.now();
  const signal = AbortSignal.timeout(TIMEOUT_MS);
  try {
    // A redirect is an answer: following it would carry a signed delivery to another place.
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: new Uint8Array(body),
      redirect: 'manual',
      signal,
    });
    const text = await response.text();
    return { status: response.status, answer: answerOf(text), milliseconds: performance.now() - started };
  } catch (error) {
    throw unreachable(url, error);
  }
}

/** Sends the same delivery `times` times, at most {@link CONCURRENCY} at once; the outcomes are in order of sending. */
export async function postRepeatedly(delivery: SignedDelivery, times: number): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < times) {
      const index = next++;
      outcomes[index] = await post(delivery);
    }
  };
  await Promise.all(Array.from({ length: Math.min(times, CONCURRENCY) }, worker));
  return outcomes;
}

/** `status` or `error` of the gateway's JSON answer; the start of anything else. */
function answerOf(text: string): string {
  try {
    const { status, error } = JSON.parse(text) as { status?: unknown; error?: unknown };
    const word = status ?? error;
    if (typeof word === 'string') return word;
  } catch {
    // Not the gateway's answer: shown as it is.
  }
  return text.replaceAll(/\s+/g, ' ').trim().slice(0, 80);
}

/** Why no answer came, as something that a person can act on. */
export function unreachable(url: string, error: unknown): OperatorError {
  const { origin } = new URL(url);
  const code = errorCode(error);
  if (code === 'ECONNREFUSED' && isLoopback(url)) {
    return new OperatorError(`Nothing listens on ${origin}. Start the gateway with \`npm start\`, then try again.`);
  }
  return new OperatorError(`No answer from ${origin} (${code}).`);
}
