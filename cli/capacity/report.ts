import type { HookgateConfig, SourceConfig } from '../../lib/config/config.ts';
import { WAF_SECONDS } from '../../lib/config/domain.ts';
import { part, publishedPart } from '../cost/traffic.ts';
import { aligned } from '../cost/table.ts';
import { targetLanes } from './lanes.ts';
import { usagesOf } from './load.ts';
import type { Load } from './load.ts';
import { QUOTAS } from './quotas.ts';

const RATES = [10, 100, 1_000, 10_000];
const SOURCES = [1, 100];

const number = (value: number): string =>
  value.toLocaleString('en-US', value >= 100 ? { maximumFractionDigits: 0 } : { maximumSignificantDigits: 3 });

/**
 * For each rate and number of sources: the quotas that are exceeded, or else the one that is met next. In Markdown. If sources have
 * targets, a second table has the same while each try at a target takes all the time that it has.
 */
export function capacityReport(config: Reported): string {
  const { processor, sources, throttle } = config;
  const targets = targetLanes(config);
  const batchingWindowSeconds = sources.length === 0 ? processor.batchingWindowSeconds : part(sources, windowOf);
  const addressPerSecond = addressLimit(config);
  const settings = {
    ...{ processor: { ...processor, batchingWindowSeconds }, targets, published: publishedPart(sources) },
    ...{ ...(throttle && { throttle }), ...(addressPerSecond !== undefined && { addressPerSecond }) },
  };
  const table = (targetsAre: Load['targetsAre']): string => tableOf({ ...settings, ...(targetsAre && { targetsAre }) });
  if (targets.length === 0) return table('well');
  return [
    `Each source has ${number(targets.length / sources.length)} targets on average, as in your configuration, and each gets every event.`,
    'While the targets are well:',
    table('well'),
    'While each try at a target takes the whole of its `timeoutSeconds`:',
    table('slow'),
  ].join('\n\n');
}

const windowOf = ({ batchingWindowSeconds }: SourceConfig): number => batchingWindowSeconds;

/** The settings that the report is about; the gateway's own limits are the defaults if they are left out. */
type Reported = Pick<HookgateConfig, 'processor' | 'sources'> & Partial<Pick<HookgateConfig, 'throttle' | 'waf'>>;

/** Requests a second that one address may send; Infinity if the firewall is off, or every source has an allow list. */
function addressLimit({ waf, sources }: Reported): number | undefined {
  const isExempt = sources.length > 0 && sources.every(({ allowList }) => allowList !== undefined);
  if (isExempt || waf?.enabled === false) return Infinity;
  return waf === undefined ? undefined : waf.requestsPerAddress / WAF_SECONDS;
}

function tableOf(load: Omit<Load, 'perSecond' | 'sources'>): string {
  const rows = SOURCES.flatMap((sources) =>
    RATES.flatMap((perSecond) => {
      const usages = usagesOf({ ...load, perSecond, sources });
      const exceeded = usages.filter(({ share }) => share > 1);
      return (exceeded.length > 0 ? exceeded : usages.slice(0, 1)).map(({ quota, used, limit, share }) => {
        const { service, what, unit, more } = QUOTAS[quota];
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
