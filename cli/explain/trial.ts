import type { Delivery } from '../../lambdas/core/delivery.ts';
import type { Options } from '../../lambdas/core/envelope.ts';
import type { Scheme } from '../../lambdas/core/schemes/scheme.ts';
import type { Cause } from './causes.ts';

/** A secret that is at hand. Its value is never printed. */
export interface KnownSecret {
  readonly source: string;
  /** `current`, `pending`, `previous`. */
  readonly label: string;
  readonly value: string;
  /** Whether verifiers of its source take it now. */
  readonly accepted: boolean;
}

/** A request to verify, as it may have been signed, and how. */
export interface Trial {
  readonly delivery: Delivery;
  readonly secret: KnownSecret;
  readonly scheme: Scheme;
  readonly options: Options;
}

/** A change that turns what came into what may have been signed. */
export interface Change {
  readonly cause: Cause;
  /** The change in words that hold nothing secret. */
  readonly detail: string;
  readonly apply: (trial: Trial) => Trial;
}

/** The changes that one kind of damage could have made, for a trial: bounded, the likeliest first. */
export type Hypothesis = (trial: Trial) => Iterable<Change>;

export const withBody = (trial: Trial, body: Buffer): Trial => ({ ...trial, delivery: { ...trial.delivery, body } });

export const withSecret = (trial: Trial, value: string): Trial => ({ ...trial, secret: { ...trial.secret, value } });

/** The trial with one value of a header, or without the header. */
export function withHeader(trial: Trial, name: string, value: string | undefined): Trial {
  const headers = new Map(trial.delivery.headers);
  if (value === undefined) headers.delete(name);
  else headers.set(name, [value]);
  return { ...trial, delivery: { ...trial.delivery, headers } };
}

/** `untimely`: its timestamp is not taken at that time. `unreadable`: it is taken at no time. */
export type Tried = 'matches' | 'mismatch' | 'untimely' | 'unreadable';

/** Whether the scheme takes the trial at a time. A signature that needs a key which the provider publishes is a mismatch. */
export function tryAt({ delivery, secret, scheme, options }: Trial, now: Date): Tried {
  const signature = scheme.read(delivery, { now, options });
  if (!signature.ok) return signature.reason.includes('timestamp') ? 'untimely' : 'unreadable';
  if ('keyFor' in signature.value || secret.value === '') return 'mismatch';
  return signature.value.matches(secret.value) ? 'matches' : 'mismatch';
}
