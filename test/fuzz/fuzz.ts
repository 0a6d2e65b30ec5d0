import fc from 'fast-check';
import { providers } from '../../lambdas/providers/index.ts';
import { cases } from './cases.ts';
import { hasCanary, judge } from './judge.ts';
import { subjectOf } from './subject.ts';
import type { Subject } from './subject.ts';

export interface FuzzResult {
  readonly runs: number;
  readonly authentic: number;
  /** Bytes of what the functions wrote. */
  readonly logged: number;
  readonly unhandled: number;
}

/** Cases between two looks at what was written, and between two fresh ledgers. */
const ROUND = 1_000;

/**
 * Sends cases through the whole verifier of every provider. Throws with the smallest case that breaks a promise: a 5xx, a
 * rejection that nobody handles, a false acceptance, an authentic delivery refused, or a canary in a log, a metric or an answer.
 */
export async function fuzz(runs: number, seed: number): Promise<FuzzResult> {
  let [unhandled, logged, authentic, round] = [0, 0, 0, ''];
  const onUnhandled = (): void => {
    unhandled++;
  };
  process.on('unhandledRejection', onUnhandled);
  const restore = capture((text) => {
    round += text;
    logged += text.length;
  });
  try {
    const all = [...providers.values()];
    for (let done = 0; done < runs; done += ROUND) {
      const subjects = new Map<string, Subject>(all.map((provider) => [provider.name, subjectOf(provider)]));
      round = '';
      const property = fc.asyncProperty(cases(all), async (of) => {
        const subject = subjects.get(of.provider.name);
        if (!subject) throw new Error(of.provider.name);
        const wrong = await judge(of, subject);
        if (wrong !== undefined) throw new Error(`${of.provider.name}: ${wrong}`);
        if (of.authentic) authentic++;
      });
      await fc.assert(property, { numRuns: Math.min(ROUND, runs - done), seed: seed + done, endOnFailure: false });
      if (hasCanary(round)) throw new Error(`seed ${seed + done}: a log line or a metric holds something of a request`);
      if (unhandled > 0) throw new Error(`seed ${seed + done}: a rejection was not handled`);
    }
  } finally {
    restore();
    process.off('unhandledRejection', onUnhandled);
  }
  return { runs, authentic, logged, unhandled };
}

/** Takes what is written to the process's output, by whatever way; answers what gives it back. */
function capture(take: (text: string) => void): () => void {
  const streams = [process.stdout, process.stderr];
  const originals = streams.map((stream) => stream.write.bind(stream));
  for (const stream of streams) {
    stream.write = (chunk: Uint8Array | string) => {
      take(typeof chunk === 'string' ? chunk : Buffer.from(chunk).toString('utf8'));
      return true;
    };
  }
  return () =>
    streams.forEach((stream, index) => {
      const original = originals[index];
      if (original) stream.write = original;
    });
}
