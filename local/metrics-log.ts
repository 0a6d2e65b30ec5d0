import { z } from 'zod';

/** The value of a metric in a minute, under its dimensions. */
export interface MetricPoint {
  readonly metric: string;
  readonly dimensions: Readonly<Record<string, string>>;
  /** The start of the minute, in milliseconds since the epoch. */
  readonly at: number;
  readonly count: number;
  readonly sum: number;
  /** Values of the minute, for percentiles: not all of them if there were many. */
  readonly values: readonly number[];
}

export interface MetricsLog {
  /** Takes a line of a function's log: one in the embedded metric format is counted, any other is passed over. */
  addLine(line: string): void;
  list(): readonly MetricPoint[];
}

const Line = z.looseObject({
  _aws: z.looseObject({
    Timestamp: z.number(),
    CloudWatchMetrics: z.array(
      z.looseObject({
        Dimensions: z.array(z.array(z.string())),
        Metrics: z.array(z.looseObject({ Name: z.string() })),
      }),
    ),
  }),
});

const MINUTE_MS = 60_000;
/** The most points, and the most values of one: the oldest points go first. */
const MOST = { points: 100_000, values: 500 };

/** The metrics of the local gateway, in memory: on AWS CloudWatch reads them out of the same lines. */
export function metricsLog(): MetricsLog {
  const points = new Map<string, MetricPoint & { count: number; sum: number; values: number[] }>();

  const add = (metric: string, dimensions: Readonly<Record<string, string>>, at: number, values: number[]): void => {
    const key = JSON.stringify([metric, at, dimensions]);
    const point = points.get(key) ?? { metric, dimensions, at, count: 0, sum: 0, values: [] };
    for (const value of values) {
      point.count++;
      point.sum += value;
      if (point.values.length < MOST.values) point.values.push(value);
    }
    points.set(key, point);
    const [oldest] = points.keys();
    if (points.size > MOST.points && oldest !== undefined) points.delete(oldest);
  };

  return {
    addLine(line) {
      if (!line.includes('"_aws":{')) return;
      const parsed = Line.safeParse(parseJson(line.slice(line.indexOf('{'))));
      if (!parsed.success) return;
      const { _aws, ...said } = parsed.data;
      const at = Math.floor(_aws.Timestamp / MINUTE_MS) * MINUTE_MS;
      for (const { Dimensions, Metrics } of _aws.CloudWatchMetrics)
        for (const names of Dimensions) {
          const dimensions = Object.fromEntries(names.map((name) => [name, String(said[name])]));
          for (const { Name } of Metrics)
            add(
              Name,
              dimensions,
              at,
              [said[Name]].flat().filter((value) => typeof value === 'number'),
            );
        }
    },
    list: () => [...points.values()],
  };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
