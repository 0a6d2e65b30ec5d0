import { aligned } from '../cost/table.ts';
import { usagesOf } from './load.ts';
import type { Load } from './load.ts';
import { QUOTAS } from './quotas.ts';

const RATES = [10, 100, 1_000, 10_000];
const SOURCES = [1, 100];

const number = (value: number): string =>
  value.toLocaleString('en-US', value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });

/** For each rate and number of sources: the quotas that are exceeded, or else the one that is met next. In Markdown. */
export function capacityReport(processor: Load['processor']): string {
  const rows = SOURCES.flatMap((sources) =>
    RATES.flatMap((perSecond) => {
      const usages = usagesOf({ perSecond, sources, processor });
      const exceeded = usages.filter(({ share }) => share > 1);
      return (exceeded.length > 0 ? exceeded : usages.slice(0, 1)).map(({ quota, used, share }) => {
        const { service, what, limit, unit, more } = QUOTAS[quota];
        const isOver = share > 1;
        const of = `${number(used)} of ${number(limit)} ${unit}`.trim();
        return [
          number(perSecond),
          String(sources),
          `${service}: ${what}`,
          of,
          isOver ? more : 'nothing',
          `${Math.round(100 * share)} %`,
        ];
      });
    }),
  );
  return aligned([['events a second', 'sources', 'quota', 'used', 'to do', 'share'], ...rows]);
}
