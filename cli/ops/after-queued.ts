import { next } from './next.ts';
import type { Ops } from './ops.ts';
import { processingOf } from './pause.ts';

/** The lines that follow if events were put into the queue of a source: why they wait there, and what to do next. */
export async function afterQueued(ops: Ops, source: string): Promise<string[]> {
  const { is, reason } = await processingOf(ops, source);
  const look = next('see that they are processed', 'status');
  if (is === 'running') return [look];
  if (is === 'paused')
    return [
      `${source} is paused, so what is in its queue waits: ${reason ?? 'no reason given'}.`,
      next('to have it go on', `resume ${source}`),
    ];
  return [`Most tries of ${source} fail, so what is in its queue waits until its breaker lets it go on.`, look];
}
