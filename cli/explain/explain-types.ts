import type { Delivery } from '../../lambdas/core/delivery.ts';
import type { Options } from '../../lambdas/core/envelope.ts';
import type { Scheme } from '../../lambdas/core/schemes/scheme.ts';
import type { Cause } from './causes.ts';
import type { KnownSecret } from './trial.ts';

/** A delivery whose refusal is to be explained. */
export interface Question {
  readonly source: string;
  readonly delivery: Delivery;
  readonly scheme: Scheme;
  readonly options: Options;
  /** When the delivery arrived. */
  readonly now: Date;
  /** Of every source, as far as they may be read. */
  readonly secrets: readonly KnownSecret[];
  /** The schemes of the other providers, by title. */
  readonly others: readonly { readonly title: string; readonly scheme: Scheme }[];
}

/** A cause, and how sure that is: `proved` by a signature that then matches, `likely` by the form of what came. */
export interface Finding {
  readonly cause: Cause;
  readonly confidence: 'proved' | 'likely';
  /** In words that hold neither a secret nor a signature. */
  readonly detail: string;
}

export interface Explanation {
  /** The likeliest cause first; several if they come together. Never empty. */
  readonly findings: readonly [Finding, ...Finding[]];
  /** Verifications that were tried. */
  readonly tried: number;
  /** False if the bounds were met before everything had been tried. */
  readonly complete: boolean;
}
