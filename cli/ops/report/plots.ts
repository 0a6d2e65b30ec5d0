import { markup } from './html.ts';
import type { Html } from './html.ts';
import type { Axis, Values } from './series.ts';

/** A named series of a plot. */
export interface Plotted {
  readonly name: string;
  readonly values: Values;
}

/** Colours that people with a colour blindness tell apart (Okabe and Ito). */
export const COLOURS = ['#0072b2', '#e69f00', '#d55e00', '#cc79a7', '#009e73', '#56b4e9'] as const;
const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [760, 220, 56, 24, 8];
const PLOT = { width: WIDTH - LEFT - 8, height: HEIGHT - BOTTOM - TOP };

const colour = (index: number): string => COLOURS[index % COLOURS.length] ?? COLOURS[0];
const round = (value: number): number => Math.round(value * 10) / 10;

/** Bars over time, one series on top of the other. */
export function bars(title: string, axis: Axis, series: readonly Plotted[]): Html {
  const steps = Math.max(1, ...series.map(({ values }) => values.length));
  const sums = Array.from({ length: steps }, (_, step) =>
    series.reduce((all, { values }) => all + (values[step] ?? 0), 0),
  );
  const most = niceTop(Math.max(...sums));
  const width = PLOT.width / steps;
  const marks = Array.from({ length: steps }, (_, step) => {
    let from = 0;
    return series.map(({ name, values }, index) => {
      const value = values[step] ?? 0;
      if (value === 0) return markup``;
      const [y, height] = [TOP + PLOT.height * (1 - (from + value) / most), (PLOT.height * value) / most];
      from += value;
      return markup`<rect
        x="${round(LEFT + step * width)}"
        y="${round(y)}"
        width="${round(Math.max(0.8, width * 0.9))}"
        height="${round(height)}"
        fill="${colour(index)}"
        ><title>${timeOf(axis, step)}, ${name}: ${value}</title></rect
      >`;
    });
  });
  return plot(title, axis, most, '', series, marks.flat());
}

/** Lines over time; a step without a value is a gap. */
export function lines(title: string, axis: Axis, unit: string, series: readonly Plotted[]): Html {
  const steps = Math.max(1, ...series.map(({ values }) => values.length));
  const most = niceTop(Math.max(0, ...series.flatMap(({ values }) => values.map((value) => value ?? 0))));
  const at = (value: number, step: number): string =>
    `${round(LEFT + (PLOT.width * (step + 0.5)) / steps)},${round(TOP + PLOT.height * (1 - value / most))}`;
  const marks = series.flatMap(({ name, values }, index) => {
    const points = values.flatMap((value, step) => (value === undefined ? [] : [{ value, step }]));
    const path = points.map(
      ({ value, step }, place) => `${points[place - 1]?.step === step - 1 ? 'L' : 'M'}${at(value, step)}`,
    );
    return [
      markup`<path d="${path.join('')}" fill="none" stroke="${colour(index)}" stroke-width="1.5"></path>`,
      ...points.map(({ value, step }) => {
        const [x = '', y = ''] = at(value, step).split(',');
        return markup`<circle cx="${x}" cy="${y}" r="2" fill="${colour(index)}"
          ><title>${timeOf(axis, step)}, ${name}: ${round(value)}${unit}</title></circle
        >`;
      }),
    ];
  });
  return plot(title, axis, most, unit, series, marks);
}

function plot(
  title: string,
  axis: Axis,
  most: number,
  unit: string,
  series: readonly Plotted[],
  marks: readonly Html[],
): Html {
  const grid = [0, 0.25, 0.5, 0.75, 1].map((part) => {
    const y = round(TOP + PLOT.height * (1 - part));
    return markup`<line x1="${LEFT}" y1="${y}" x2="${WIDTH - 8}" y2="${y}" stroke="#ddd"></line
      ><text x="${LEFT - 6}" y="${y + 4}" text-anchor="end">${round(most * part)}${unit}</text>`;
  });
  const labels = [0, 0.5, 1].map((part) => {
    const time = new Date(axis.from + (axis.to - axis.from) * part).toISOString().slice(0, 16).replace('T', ' ');
    const anchor = part === 0 ? 'start' : part === 1 ? 'end' : 'middle';
    return markup`<text x="${round(LEFT + PLOT.width * part)}" y="${HEIGHT - 6}" text-anchor="${anchor}">${time}</text>`;
  });
  const legend = series.map(
    ({ name }, index) =>
      markup`<span
        ><svg width="10" height="10" aria-hidden="true">
          <rect width="10" height="10" fill="${colour(index)}"></rect>
        </svg>
        ${name}</span
      >`,
  );
  return markup`<figure>
    <figcaption>${title}</figcaption>
    <svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${title}">${grid}${labels}${marks}</svg>
    <p class="legend">${legend}</p>
  </figure>`;
}

/** A round number that is at least the value, and above zero. */
function niceTop(value: number): number {
  const power = 10 ** Math.floor(Math.log10(Math.max(value, 1)));
  return ([1, 2, 4, 5, 10].find((factor) => factor * power >= value) ?? 10) * power;
}

const timeOf = ({ from, seconds }: Axis, step: number): string => new Date(from + step * seconds * 1000).toISOString();
