import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import { METRIC } from '../contract.ts';

type Line = ReturnType<Metrics['serializeMetrics']>;

/**
 * The CloudWatch metrics of one source in embedded metric format. One invocation writes one line: a count that also has a
 * dimension of its own, such as a rejection's reason, is a second directive in that line and not a line of its own. A flood
 * of forged deliveries writes so much less.
 */
export class SourceMetrics extends Metrics {
  readonly #source: string;
  readonly #gateway: string;
  /** Counts of this invocation by dimension, value and name. */
  readonly #counts = new Map<string, Map<string, Map<string, number>>>();

  /** @param gateway its name: two gateways of one account share no metric */
  constructor(source: string, gateway: string) {
    super({
      namespace: METRIC.namespace,
      serviceName: gateway,
      defaultDimensions: { [METRIC.dimension.source]: source },
    });
    this.#source = source;
    this.#gateway = gateway;
  }

  count(name: string, value = 1): void {
    this.addMetric(name, MetricUnit.Count, value);
  }

  time(name: string, milliseconds: number): void {
    this.addMetric(name, MetricUnit.Milliseconds, milliseconds);
  }

  /** Counts under one more dimension. Whether the metric is counted by source alone too is the caller's to say. */
  countBy(name: string, dimension: string, of: string, value = 1): void {
    const values = this.#counts.get(dimension) ?? new Map<string, Map<string, number>>();
    const counts = values.get(of) ?? new Map<string, number>();
    counts.set(name, (counts.get(name) ?? 0) + value);
    this.#counts.set(dimension, values.set(of, counts));
  }

  override publishStoredMetrics(): this {
    super.publishStoredMetrics();
    this.#counts.clear();
    return this;
  }

  /** The line, with a directive for each dimension. A line has one value of a name: any further value is a line of its own. */
  override serializeMetrics(): Line {
    let line = super.serializeMetrics();
    for (const [dimension, values] of this.#counts)
      for (const [of, counts] of values) {
        const added = addDirective(line, dimension, of, counts);
        if (added) line = added;
        else this.#publishAlone(dimension, of, counts);
      }
    return line;
  }

  #publishAlone(dimension: string, of: string, counts: ReadonlyMap<string, number>): void {
    const alone = new SourceMetrics(this.#source, this.#gateway);
    alone.addDimension(dimension, of);
    for (const [name, value] of counts) alone.count(name, value);
    alone.publishStoredMetrics();
  }
}

/** The line with a directive more; undefined if it says something else under one of the names. */
function addDirective(
  line: Line,
  dimension: string,
  of: string,
  counts: ReadonlyMap<string, number>,
): Line | undefined {
  const [first] = line._aws.CloudWatchMetrics;
  if (!first) return undefined;
  const said = { [dimension]: of, ...Object.fromEntries(counts) };
  if (Object.entries(said).some(([name, value]) => line[name] !== undefined && line[name] !== value)) return undefined;
  const directive = {
    Namespace: first.Namespace,
    Dimensions: [[...first.Dimensions[0], dimension]] as [string[]],
    Metrics: [...counts.keys()].map((Name) => ({ Name, Unit: MetricUnit.Count })),
  };
  return { ...line, ...said, _aws: { ...line._aws, CloudWatchMetrics: [...line._aws.CloudWatchMetrics, directive] } };
}
