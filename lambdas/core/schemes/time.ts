const ISO_TIME =
  /^\d{4}-(?:0[1-9]|1[0-2])-\d{2}T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)$/;

/**
 * The time that an ISO 8601 text with a zone stands for, its fraction of a second cut to milliseconds; undefined for anything
 * else, days that the calendar does not have included.
 */
export function parseIsoTime(value: unknown): Date | undefined {
  if (typeof value !== 'string') return undefined;
  if (!ISO_TIME.test(value)) return undefined;
  const day = Number(value.slice(8, 10));
  // `Date` takes 30 February for 2 March.
  return day >= 1 && (day <= 28 || day <= daysInMonth(Number(value.slice(0, 4)), Number(value.slice(5, 7))))
    ? new Date(value)
    : undefined;
}

const daysInMonth = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

/** The time of a field in ISO 8601 whose zone may lack its colon, as in `+0000`; undefined for anything else. */
export const readIsoTime = (value: unknown): Date | undefined =>
  typeof value === 'string' ? parseIsoTime(value.replace(/([+-]\d\d)(\d\d)$/, '$1:$2')) : undefined;

/**
 * The time of a field whose vendor means UTC and may leave the zone away, with a `T` or a blank before the hour; undefined for
 * anything else. A zone that is there counts.
 */
export function readUtcTime(value: unknown): Date | undefined {
  if (typeof value !== 'string') return undefined;
  const text = value.replace(' ', 'T');
  return readIsoTime(text) ?? parseIsoTime(`${text}Z`);
}

/** The time that a text of 1 to 12 digits stands for, in seconds since the epoch; undefined for anything else. */
export const parseUnixTime = (text: string): Date | undefined =>
  /^\d{1,12}$/.test(text) ? new Date(Number(text) * 1000) : undefined;

/** The time of a field that is a whole number of seconds since the epoch; undefined for anything else. */
export const readUnixTime = (value: unknown): Date | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) ? parseUnixTime(String(value)) : undefined;

/** The time that a text of 1 to 15 digits stands for, in milliseconds since the epoch; undefined for anything else. */
export const parseUnixMilliseconds = (text: string): Date | undefined =>
  /^\d{1,15}$/.test(text) ? new Date(Number(text)) : undefined;

/** The time of a field that is a whole number of milliseconds since the epoch; undefined for anything else. */
export const readUnixMilliseconds = (value: unknown): Date | undefined =>
  typeof value === 'number' && Number.isSafeInteger(value) ? parseUnixMilliseconds(String(value)) : undefined;

/** How a timestamp is written: seconds or milliseconds since the epoch, or ISO 8601 with a zone. */
export type TimeUnit = 's' | 'ms' | 'iso';

interface TimeFormat {
  /** Its digits from 2001 to 2286, if it is a number: a timestamp that touches another signed part has as many. */
  readonly digits?: number;
  parse(text: string): Date | undefined;
  write(time: Date): string;
}

export const TIME_UNITS: Readonly<Record<TimeUnit, TimeFormat>> = {
  s: { digits: 10, parse: parseUnixTime, write: (time) => String(Math.floor(time.getTime() / 1000)) },
  ms: { digits: 13, parse: parseUnixMilliseconds, write: (time) => String(time.getTime()) },
  iso: { parse: parseIsoTime, write: (time) => time.toISOString() },
};

/** Whether two times are at most so many seconds apart, whichever comes first. */
export const areWithin = (a: Date, b: Date, seconds: number): boolean =>
  Math.abs(a.getTime() - b.getTime()) <= seconds * 1000;
