import type { HookgateConfig, SourceConfig } from '../config/config.ts';

/**
 * How often a message is received before SQS itself moves it to the dead-letter queue: as often as SQS counts. The processor
 * decides long before that, by the tries that the ledger counts and by the message's age. A receive is not a try while the source
 * is paused. This is for a message that ends the whole processor again and again.
 */
export const MAX_RECEIVES = 1_000;

/**
 * AWS asks for six times the function's time-out, and for the seconds in which Lambda gathers a batch: until then SQS must not take a
 * message for lost (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html).
 */
const VISIBILITY_FACTOR = 6;

/** Seconds that the processor of a source has for a batch. */
export const timeoutSecondsOf = (
  { processor }: Pick<HookgateConfig, 'processor'>,
  { means }: Pick<SourceConfig, 'means'>,
): number => means?.timeoutSeconds ?? processor.timeoutSeconds;

/** Seconds after which a message that was received and not deleted becomes visible again. */
export const visibilitySeconds = (config: HookgateConfig, source: SourceConfig): number =>
  visibilityOf(timeoutSecondsOf(config, source), source.batchingWindowSeconds);

/** The same by the seconds that the function of the queue has for a batch, and those for which Lambda gathers it. */
export const visibilityOf = (timeoutSeconds: number, batchingWindowSeconds = 0): number =>
  VISIBILITY_FACTOR * timeoutSeconds + batchingWindowSeconds;
