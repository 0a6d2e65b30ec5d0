import { z } from 'zod';

/** Inputs and outputs that several operations share. */
export const source = z.string().describe('a source of hookgate.config.ts');
export const optionalSource = source.optional().describe('one source; default: all of them');
/** A source, or a target: to most operations a target is a source of its own. */
export const lane = z.string().describe('a source of hookgate.config.ts, or one of its targets: <source>.<target>');
export const optionalLane = lane.optional().describe('one source or target; default: all sources');
/** A lane with a secret: a source, or a target whose requests are signed. */
export const signedLane = z
  .string()
  .describe('a source of hookgate.config.ts, or one of its HTTP targets: <source>.<target>');
export const eventKey = z.string().describe('its event key, or the short id that a list shows: id:…');

/** A whole number, refused with a sentence that says what it must be. */
export function wholeNumber(least: number, most: number) {
  const error = `It must be a whole number from ${least} to ${most}.`;
  return z.int({ error }).min(least, { error }).max(most, { error });
}

/** The input of every look into a queue. */
export const peek = {
  limit: wholeNumber(1, 999_999).default(1000).describe('the most events to look at, per queue'),
};
export const showBodies = z
  .boolean()
  .default(false)
  .describe('show the bodies too: they can be health data, and each look is recorded');

/** Which events of a source are meant: one by its key, or all with a reason, or all. */
export const selection = {
  source,
  key: eventKey.optional().describe('one event key, or a short id of the list; or else --reason, or --all'),
  reason: z.string().optional().describe('all events of the source with this reason'),
  all: z.boolean().default(false).describe('all events of the source'),
  ...peek,
};
export const yes = z.boolean().default(false).describe('do not ask: for a program');

/** ISO 8601. */
export const time = z.string().describe('ISO 8601');
export const count = z.number().describe('a whole number');
