import MixedLineBarChart from '@cloudscape-design/components/mixed-line-bar-chart';
import type { MixedLineBarChartProps } from '@cloudscape-design/components/mixed-line-bar-chart';
import Box from '@cloudscape-design/components/box';
import type { Traffic } from '../../cli/ops/report/traffic.ts';

const [HEIGHT, EMPTY_HEIGHT] = [200, 60];
const TIME = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });
const DAY = new Intl.DateTimeFormat(undefined, { month: '2-digit', day: '2-digit' });

/** The kinds of answers to deliveries, in the order in which a bar is built of them. */
const OUTCOMES = {
  accepted: 'Accepted',
  duplicates: 'Duplicates',
  refused: 'Refused',
  quarantined: 'Quarantined',
  unavailable: '503',
} as const;
type Outcome = keyof typeof OUTCOMES;

/** The steps of the axis, in milliseconds; a chart of bars shows some forty of them at most. */
function stepsOf({ from, to, stepSeconds }: Traffic): number[] {
  const step = stepSeconds * 1000;
  const start = Date.parse(from);
  return Array.from({ length: Math.ceil((Date.parse(to) - start) / step) }, (_, index) => start + index * step);
}

const labelOf =
  (stepSeconds: number) =>
  (time: Date): string =>
    stepSeconds >= 3600 ? `${DAY.format(time)} ${TIME.format(time)}` : TIME.format(time);

const MOST_BARS = 36;

/** How deliveries were answered, over time. */
export function Outcomes({ traffic }: { readonly traffic: Traffic }) {
  const { groups, width, domain } = barsOf(traffic);
  const countIn = (outcome: Outcome, first: number): number =>
    traffic.sources.reduce(
      (sum, { counts }) =>
        sum + counts[outcome].values.slice(first, first + width).reduce<number>((all, value) => all + (value ?? 0), 0),
      0,
    );
  const isEmpty = traffic.sources.every(({ counts }) => counts.received.total === 0);
  return (
    <Bars
      isStacked
      {...{ title: 'Deliveries, by their answer', domain, stepSeconds: traffic.stepSeconds }}
      label="Deliveries over time, by their answer"
      empty="No delivery came in this time."
      series={
        isEmpty
          ? []
          : (Object.keys(OUTCOMES) as Outcome[]).map((outcome) => ({
              ...{ title: OUTCOMES[outcome], type: 'bar' as const },
              data: groups.map((first, index) => ({ x: domain[index] ?? new Date(0), y: countIn(outcome, first) })),
            }))
      }
    />
  );
}

/** A chart of a time's percentiles. Of several sources and steps it shows the slowest. */
export function Times({
  traffic,
  of,
  title,
}: {
  readonly traffic: Traffic;
  readonly of: 'answer' | 'processing';
  readonly title: string;
}) {
  const { groups, width, domain } = barsOf(traffic);
  const worst = (part: 'p50' | 'p95' | 'p99', first: number): number =>
    Math.round(
      Math.max(
        0,
        ...traffic.sources.flatMap(({ times }) =>
          times[of][part].slice(first, first + width).flatMap((value) => value ?? []),
        ),
      ),
    );
  const isEmpty = traffic.sources.every(({ times }) => times[of].p50.every((value) => value === null));
  return (
    <Bars
      {...{ title, domain, stepSeconds: traffic.stepSeconds }}
      label={`${title}, over time: percentiles of the slowest source`}
      empty="Nothing was measured in this time."
      series={
        isEmpty
          ? []
          : (['p50', 'p95', 'p99'] as const).map((part) => ({
              ...{ title: part, type: 'bar' as const },
              data: groups.map((first, index) => ({ x: domain[index] ?? new Date(0), y: worst(part, first) })),
            }))
      }
    />
  );
}

/** The bars of a chart: the step at which each starts, how many steps it is wide, and its time. */
function barsOf(traffic: Traffic) {
  const steps = stepsOf(traffic);
  const width = Math.max(1, Math.ceil(steps.length / MOST_BARS));
  const groups = Array.from({ length: Math.ceil(steps.length / width) }, (_, index) => index * width);
  return { groups, width, domain: groups.map((first) => new Date(steps[first] ?? 0)) };
}

interface BarsProps {
  readonly title: string;
  readonly label: string;
  readonly empty: string;
  readonly stepSeconds: number;
  readonly domain: readonly Date[];
  readonly series: MixedLineBarChartProps<Date>['series'];
  readonly isStacked?: boolean;
}

const Bars = ({ title, label, empty, stepSeconds, domain, series, isStacked = false }: BarsProps) => (
  <div>
    <Box variant="h3">{title}</Box>
    <MixedLineBarChart
      stackedBars={isStacked}
      height={series.length === 0 ? EMPTY_HEIGHT : HEIGHT}
      hideFilter
      ariaLabel={label}
      xScaleType="categorical"
      xDomain={domain}
      xTickFormatter={labelOf(stepSeconds)}
      series={series}
      empty={<Box textAlign="center">{empty}</Box>}
    />
  </div>
);
