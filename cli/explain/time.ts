import { hmacScheme, hmacSpecOf } from '../../lambdas/core/schemes/hmac.ts';
import { parseIsoTime, TIME_UNITS } from '../../lambdas/core/schemes/time.ts';
import type { TimeUnit } from '../../lambdas/core/schemes/time.ts';
import type { Hypothesis, Trial } from './trial.ts';

/** The most times that are taken out of the headers. */
const MOST = 8;
/** Characters of the longest value that is looked into. */
const MOST_CHARACTERS = 16_384;
const TIME = /\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)|\d{9,16}/g;

/** The times that the delivery's own headers can state, read in every unit. */
export function statedTimes({ scheme, delivery }: Pick<Trial, 'scheme' | 'delivery'>): Date[] {
  const texts = scheme.headers
    .filter(({ carries }) => carries !== 'id' && carries !== 'part')
    .flatMap(({ name }) => delivery.headers.get(name) ?? [])
    .flatMap((value) => withClaims(value).match(TIME) ?? [])
    .slice(0, MOST);
  const times = texts.flatMap((text) => {
    const iso = parseIsoTime(text);
    return iso ? [iso] : [new Date(Number(text) * 1000), new Date(Number(text)), new Date(Number(text) / 1000)];
  });
  return times.filter((time) => Math.abs(time.getTime()) < 8.64e15);
}

/** A value, and in the place of a JSON Web Token what it claims. */
const withClaims = (value: string): string =>
  value.replaceAll(/[\w-]+\.([\w-]+)\.[\w-]+/g, (whole, claims: string) =>
    value.length > MOST_CHARACTERS ? whole : Buffer.from(claims, 'base64url').toString('latin1'),
  );

/** The timestamp is in another unit than the provider documents: it is signed as the text that came. */
export const timeDamages: Hypothesis = function* ({ scheme }) {
  const spec = hmacSpecOf(scheme);
  if (!spec?.timestamp) return;
  const { timestamp } = spec;
  for (const unit of Object.keys(TIME_UNITS) as TimeUnit[]) {
    if (unit === timestamp.unit) continue;
    const other = hmacScheme({ ...spec, timestamp: { ...timestamp, unit } });
    yield {
      cause: 'timestamp_unit',
      detail: `it is in ${NAMES[unit]}`,
      apply: (trial) => ({ ...trial, scheme: other }),
    };
  }
};

const NAMES: Readonly<Record<TimeUnit, string>> = { s: 'seconds', ms: 'milliseconds', iso: 'ISO 8601' };
