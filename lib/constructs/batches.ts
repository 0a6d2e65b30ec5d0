import type { HookgateConfig, SourceConfig } from '../config/config.ts';

/** How Lambda invokes a processor with what is in its queue. */
export interface Batches {
  /** Events of a batch, all of which the handler has at once. */
  readonly batchSize: number;
  /** Batches under way. */
  readonly maxConcurrency: number;
  /** Concurrency that the processor has to itself, and at most. */
  readonly reservedConcurrency?: number | undefined;
}

/** Lambda invokes a function at least so often at a time for a queue, if it is told a number. */
const LEAST_CONCURRENCY = 2;

/**
 * Batches that hold no more than a second of the source's pace, and of which no more are under way than it may have at once.
 * One at once is less than Lambda's least concurrency, so that it takes a reservation of the function's own.
 */
export function batchesOf(
  { processor }: Pick<HookgateConfig, 'processor'>,
  { pace }: Pick<SourceConfig, 'pace'>,
): Batches {
  const { perSecond = Infinity, atOnce = Infinity } = pace ?? {};
  const { reservedConcurrency } = processor;
  const half = Math.floor(atOnce / LEAST_CONCURRENCY);
  const batchSize = Math.max(1, Math.min(processor.batchSize, Math.floor(perSecond), half));
  const maxConcurrency = Math.max(
    LEAST_CONCURRENCY,
    Math.min(processor.maxConcurrency, Math.floor(atOnce / batchSize)),
  );
  return { batchSize, maxConcurrency, reservedConcurrency: atOnce < LEAST_CONCURRENCY ? 1 : reservedConcurrency };
}
