/** How soon somebody must look: `critical` at any hour, `warning` on the next working day. */
export type Severity = 'critical' | 'warning';

/** One metric, by all its dimensions. */
export interface MetricRef {
  readonly namespace: string;
  readonly name: string;
  readonly dimensions: Readonly<Record<string, string>>;
  readonly statistic: 'Sum' | 'Minimum' | 'Maximum' | 'SampleCount';
}

/**
 * The metrics that an alarm watches. Every query names the gateway, or a resource of it: two gateways of one account share none.
 */
export type Query =
  /**
   * A metric of every source at once: CloudWatch counts each by itself, and its message names the source. Without `by`, a metric of
   * the gateway. Either costs nothing while the metric has no data.
   */
  | {
      readonly select: 'SUM' | 'MAX';
      readonly name: string;
      readonly by?: 'source' | 'route';
      /** Of a metric that is counted by reason too: the reason that counts. */
      readonly reason?: string;
    }
  /** The same of a metric that a service of AWS counts: the names of all its dimensions, and the values of some. */
  | {
      readonly select: 'SUM' | 'MAX';
      readonly name: string;
      readonly from: {
        readonly namespace: string;
        readonly dimensions: readonly string[];
        readonly where: Readonly<Record<string, string>>;
      };
    }
  /** One metric. It costs the same with and without data. */
  | { readonly metric: MetricRef }
  /** Metric math over some metrics, by the names that the expression has for them. */
  | { readonly expression: string; readonly of: Readonly<Record<string, MetricRef>> };

/** An alarm, as the table has it. */
export interface AlarmRow {
  /** Its name within the gateway or the source, and its section of docs/runbook.md: `dead-letters`. */
  readonly id: string;
  readonly severity: Severity;
  readonly query: Query;
  /** Seconds over which the query is counted. */
  readonly seconds: number;
  /** The alarm is on from this value on; no data is not an alarm. */
  readonly threshold: number;
  /** How many of how many periods in a row must be so. Default: one of one. */
  readonly periods?: readonly [bad: number, of: number];
  /**
   * The version of a function that the alarm is about, and the logical id of that version: each version has an alarm of its own.
   * CloudWatch leaves the state of an alarm as it is if the alarm is changed, so the state of the old version's would be taken for the
   * new one's.
   */
  readonly version?: { readonly number: string; readonly logicalId: string };
  /** The event that raised the alarm, as a sentence. */
  readonly happened: string;
  /** The first thing to look at, and the first thing to do: sentences too. */
  readonly look: string;
  readonly act: string;
}

/** The sum of a metric of the sources, once or more. */
export const sumOf = (name: string, seconds: number, more: Pick<AlarmRow, 'periods'> = {}) =>
  ({ query: { select: 'SUM', name, by: 'source' }, seconds, threshold: 1, ...more }) as const;
