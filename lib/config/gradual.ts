import { flag, section, wholeNumber } from './checks.ts';

/**
 * A new version of a function takes so many per cent of the calls for so many minutes first. CloudFormation waits that long for each
 * source, so an hour is the most.
 */
export const gradualSchema = section({
  percent: wholeNumber(1, 99).default(10),
  minutes: wholeNumber(1, 60).default(10),
  deliveries: flag.default(false),
});

/** How new versions of the functions of a source come into force. */
export interface GradualConfig {
  /** The share of the calls that a new version gets first. */
  readonly percent: number;
  /** Minutes after which it gets all of them. */
  readonly minutes: number;
  /** Whether the API leads deliveries to versions of the verifier, and not to its newest code. */
  readonly deliveries: boolean;
}
