import { parseIsoTime } from '../../lambdas/core/schemes/time.ts';
import { OperatorError } from '../operator-error.ts';

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 };

/**
 * The time that an option names: ISO 8601 with a zone, or how long ago it was, such as 90m, 24h or 7d. `now` in milliseconds. Throws
 * an {@link OperatorError} for anything else.
 */
export function timeNamed(option: string, text: string, now: number): Date {
  const [, count, unit = ''] = /^(\d{1,6})([mhd])$/.exec(text) ?? [];
  const time = count === undefined ? parseIsoTime(text) : new Date(now - Number(count) * (UNIT_MS[unit] ?? 0));
  if (time && !Number.isNaN(time.getTime())) return time;
  throw new OperatorError(
    `${option} must be a time with a zone, such as 2026-03-01T09:00:00Z, or an age such as 90m, 24h or 7d, and is "${text}".`,
  );
}
