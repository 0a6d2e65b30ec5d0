import type { Known } from './memory.ts';

/**
 * How a registration stands after a poll. `renewed`, `enabled` and `created` are what the poll has done; `disabled` and `gone` wait
 * for a person. `elsewhere`: it has another URL now. `unknown`: the provider did not say.
 */
export type RegistrationState =
  'active' | 'renewed' | 'enabled' | 'created' | 'disabled' | 'gone' | 'elsewhere' | 'unknown';

/** A registration of the source's URL, as the poll has left it. */
export interface RegistrationReport {
  readonly id: string;
  readonly events: readonly string[];
  readonly state: RegistrationState;
  /** When it ends unless it is renewed, ISO 8601; absent if it does not end by itself. */
  readonly expiresAt?: string | undefined;
}

export const reportOf = ({ id, events, expiresAt }: Known, state: RegistrationState): RegistrationReport => ({
  ...{ id, events, state },
  ...(expiresAt !== undefined && { expiresAt }),
});

const DAY_MS = 86_400_000;
const NEEDS_A_PERSON: readonly RegistrationState[] = ['disabled', 'gone', 'elsewhere'];

export const needsAPerson = ({ state }: RegistrationReport): boolean => NEEDS_A_PERSON.includes(state);

/** Days until the first of the registrations ends, 0 if one has ended; undefined if none ends by itself. */
export function daysLeft(reports: readonly RegistrationReport[], now: number): number | undefined {
  const ends = reports.flatMap(({ expiresAt }) => (expiresAt === undefined ? [] : [Date.parse(expiresAt)]));
  return ends.length === 0 ? undefined : Math.max(0, (Math.min(...ends) - now) / DAY_MS);
}
