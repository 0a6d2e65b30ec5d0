import type { Bounds } from '../budget.ts';

/**
 * A seeded mistake: a replacement in the text of one of the product's own files, which breaks a promise in some schedule of the
 * scenario that it names. A proof that does not find it proves nothing. ../mutants.ts applies it.
 */
export interface Mutation {
  readonly name: string;
  /** In `lambdas/` or `lib/`. */
  readonly file: string;
  /** The text that is in the file exactly once, and what to put in its place. */
  readonly from: string;
  readonly to: string;
  /** The scenario in which it has to be caught. */
  readonly scenario: string;
  /** Where its small bounds do not reach the mistake. */
  readonly bounds?: Bounds;
}
