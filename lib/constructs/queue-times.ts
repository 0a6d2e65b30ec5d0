import type { HookgateConfig, SourceConfig } from '../config/config.ts';

/** The most receives that SQS counts before it moves a message to the dead-letter queue. */
const SQS_MAX_RECEIVES = 1_000;

/**
 * How often a message is received before SQS itself moves it to the dead-letter queue. The processor counts the tries and does
 * so earlier. This is for a message that ends the processor again and again; a receive is no try if a copy is being processed.
 */
export const maxReceives = ({ retry }: SourceConfig): number => Math.min(SQS_MAX_RECEIVES, 2 * retry.attempts + 10);

/** AWS asks for six times the function's time-out: while Lambda holds a batch back, SQS must not take it for lost. */
const VISIBILITY_FACTOR = 6;

/** Seconds after which a message that was received and not deleted becomes visible again. */
export const visibilitySeconds = ({ processor }: HookgateConfig): number =>
  VISIBILITY_FACTOR * processor.timeoutSeconds;
