import type { HookgateConfig, SourceConfig } from '../config/config.ts';

/**
 * How often a message is received before SQS itself moves it to the dead-letter queue: as often as SQS counts. The processor
 * decides long before that, by the tries that the ledger counts and by the message's age. A receive is not a try while the source
 * is paused. This is for a message that ends the whole processor again and again.
 */
export const MAX_RECEIVES = 1_000;

/** AWS asks for six times the function's time-out: while Lambda holds a batch back, SQS must not take it for lost. */
const VISIBILITY_FACTOR = 6;

/** Seconds that the processor of a source has for a batch. */
export const timeoutSecondsOf = (
  { processor }: Pick<HookgateConfig, 'processor'>,
  { means }: Pick<SourceConfig, 'means'>,
): number => means?.timeoutSeconds ?? processor.timeoutSeconds;

/** Seconds after which a message that was received and not deleted becomes visible again. */
export const visibilitySeconds = (config: HookgateConfig, source: SourceConfig): number =>
  visibilityOf(timeoutSecondsOf(config, source));

/** The same by the seconds that the function of the queue has for a batch. */
export const visibilityOf = (timeoutSeconds: number): number => VISIBILITY_FACTOR * timeoutSeconds;
