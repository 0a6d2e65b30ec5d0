import { METRIC } from '../../lambdas/contract.ts';
import { newestDataPoints, newestItems } from './newest.ts';
import type { Ops } from './ops.ts';

/**
 * When an authentic delivery last came, by source. On AWS that is the newest point of the metric, because the ledger has no
 * order of time; on one machine, where nothing keeps metrics, it is the newest item of the ledger.
 */
export const lastDeliveries = (
  { gateway, clock }: Ops,
  sources: readonly string[],
): Promise<ReadonlyMap<string, Date>> =>
  gateway.isLocal
    ? newestItems(gateway, sources, ({ source, via, lastReceivedAt }) =>
        source?.S === undefined || via?.S !== 'webhook' ? undefined : [source.S, lastReceivedAt?.S],
      )
    : newestDataPoints(
        gateway,
        clock(),
        sources.map((name) => ({
          ...{ name, metric: METRIC.acknowledgeTime, statistic: 'SampleCount' },
          dimensions: { [METRIC.dimension.source]: name },
        })),
      );
