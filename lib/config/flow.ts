import { z } from 'zod';
import { flag, section, wholeNumber } from './checks.ts';

const [LEAST_RATE, MOST_RATE] = [0.01, 1_000];
const RATE_RULE = `must be a number from ${LEAST_RATE} to ${MOST_RATE}`;

/** The most that a source's handler is given. */
export const paceSchema = section({
  perSecond: z
    .number({ error: RATE_RULE })
    .min(LEAST_RATE, { error: RATE_RULE })
    .max(MOST_RATE, { error: RATE_RULE })
    .exactOptional(),
  atOnce: wholeNumber(1, 10_000).exactOptional(),
});

/** The switches of what the gateway does by itself in an outage behind it: for all sources, and for one in their place. */
export const outageSchema = { breaker: flag.default(true), selfRepair: flag.default(true) };
export const sourceOutageSchema = {
  breaker: flag.optional(),
  selfRepair: flag.optional(),
  pace: paceSchema.optional(),
};
