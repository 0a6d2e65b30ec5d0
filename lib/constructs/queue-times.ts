import type { HookgateConfig } from '../config/config.ts';

/** How often a message is received before SQS moves it to the dead-letter queue. */
export const MAX_RECEIVES = 5;

/** AWS asks for six times the function's time-out: while Lambda holds a batch back, SQS must not take it for lost. */
const VISIBILITY_FACTOR = 6;

/** Seconds after which a message that was received and not deleted becomes visible again. */
export const visibilitySeconds = ({ processor }: HookgateConfig): number =>
  VISIBILITY_FACTOR * processor.timeoutSeconds;
