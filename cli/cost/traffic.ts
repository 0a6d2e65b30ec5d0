import type { HookgateConfig, SourceConfig } from '../../lib/config/config.ts';
import { usualBatch } from './events.ts';
import type { Traffic } from './events.ts';

/** The part of something that a list has on average; 0 of an empty list. */
export const part = <Item>(items: readonly Item[], of: (item: Item) => number): number =>
  items.reduce((sum, item) => sum + of(item), 0) / Math.max(1, items.length);

/** The part of the sources whose events are published to the bus: those of a source with a handler or targets go there alone. */
export const publishedPart = (sources: readonly Pick<SourceConfig, 'handler' | 'targets'>[]): number =>
  sources.length === 0
    ? 1
    : part(sources, ({ handler, targets }) => Number(handler === undefined && targets === undefined));

/** The settings of a configuration that change the cost of its events. */
export const trafficOf = ({
  processor,
  sources,
  waf,
}: Pick<HookgateConfig, 'processor' | 'sources' | 'waf'>): Pick<
  Traffic,
  'batch' | 'targets' | 'published' | 'firewall' | 'gradual'
> => ({
  // So many batches for an event on average.
  batch: 1 / part(sources, ({ batchingWindowSeconds }) => 1 / usualBatch({ ...processor, batchingWindowSeconds })),
  targets: part(sources, ({ targets = [] }) => targets.length),
  published: publishedPart(sources),
  firewall: waf.enabled,
  gradual: part(sources, ({ gradual }) => Number(gradual !== undefined)),
});
