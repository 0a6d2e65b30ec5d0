import { usesOf } from './events.ts';
import type { Traffic, Use } from './events.ts';
import { together } from './costed-template.ts';
import type { CostedTemplate } from './costed-template.ts';
import { monthlyUses } from './resources.ts';
import { total } from './table.ts';

/** The bill in four figures, in dollars. */
export interface CostRows {
  /** A million events, with nothing of what is there without any. */
  readonly millionEvents: number;
  /** A month of the configured sources without any event. */
  readonly idleMonth: number;
  /** The same with an event an hour for each source. */
  readonly trickleMonth: number;
  /** The cost that each further source adds to a month with such a trickle, on average over the configured sources. */
  readonly furtherSource: number;
}

/** The label of each row. */
export const LABELS: Readonly<Record<keyof CostRows, string>> = {
  millionEvents: 'a million events',
  idleMonth: 'a month without any event',
  trickleMonth: 'a month with an event an hour for each source',
  furtherSource: 'each further source, with an event an hour',
};

/** Hours of CloudWatch's month. */
const HOURS = 730;
/**
 * Metrics of a source that have data in an hour with an event: received, verified with the current secret, accepted, its time to the
 * answer, processed, its time to the end. Each other metric stands for a fault or a duplicate, and costs nothing without one.
 */
const METRICS_OF_EVENT = 6;
/** Metrics more of a source whose functions are called by their versions: tried, of the verifier's and of the processor's. */
const METRICS_OF_VERSIONS = 2;
/** The same of a target: processed, its time to the end. */
const METRICS_OF_TARGET = 2;

/** Computes the rows. The stacks of the sources are those without an API. */
export function costRows(stacks: readonly CostedTemplate[], traffic: Traffic): CostRows {
  const shared = stacks.filter(isShared);
  const sources = stacks.length - shared.length;
  const idle = total(monthlyUses(together(stacks)));
  const each = trickle(traffic);
  const ofShared = total(monthlyUses(together(shared)));
  return {
    millionEvents: total(usesOf({ ...traffic, events: 1_000_000 })),
    idleMonth: idle,
    trickleMonth: idle + sources * each,
    furtherSource: (idle - ofShared) / sources + each,
  };
}

const isShared = ({ Resources }: CostedTemplate): boolean =>
  Object.values(Resources).some(({ Type }) => Type === 'AWS::ApiGateway::RestApi');

/** A source's events of a month that come one by one, and the metrics that they make. */
function trickle(traffic: Traffic): number {
  const events = usesOf({ ...traffic, events: HOURS, batch: 1 });
  const use = (component: string, price: Use['price'], quantity: number): Use => ({
    ...{ component, price, quantity, because: 'a source with an event an hour' },
  });
  // Each event meets a new container: it reads three versions of the secret, and the services their data keys.
  const cold = [use('Secrets Manager', 'secretRequest', 3 * HOURS), use('KMS', 'keyRequest', 6 * HOURS)];
  // So does its event at each target. Only one at a URL has a secret; all are counted as if they had.
  const { targets = 0, gradual = 0 } = traffic;
  const metrics = [use('CloudWatch', 'metric', METRICS_OF_EVENT + METRICS_OF_VERSIONS * gradual)];
  const handedOver = [
    use('Secrets Manager', 'secretRequest', 3 * HOURS * targets),
    use('KMS', 'keyRequest', 3 * HOURS * targets),
    use('CloudWatch', 'metric', METRICS_OF_TARGET * targets),
  ];
  return total([...events, ...cold, ...metrics, ...handedOver]);
}
