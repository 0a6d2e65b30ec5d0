import { createHash } from 'node:crypto';
import { AS_OF, REGION } from '../../cost/prices.ts';
import { ASSUMED } from './collect.ts';
import type { SourceNumbers } from './collect.ts';
import { Html, htmlTable, markup } from './html.ts';
import { PERCENTILES } from './numbers.ts';
import type { Count, Timed } from './numbers.ts';
import { bars, lines } from './plots.ts';
import type { Axis, Values } from './series.ts';

const STYLE = `
body { font: 15px/1.5 system-ui, sans-serif; color: #1a1a1a; background: #fff; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.6rem; } h2 { margin-top: 2.5rem; border-bottom: 1px solid #ccc; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; }
th, td { text-align: right; padding: 0.25rem 0.6rem; border-bottom: 1px solid #e5e5e5; }
th:first-child, td:first-child { text-align: left; }
figure { margin: 1rem 0; break-inside: avoid; } figcaption { font-weight: 600; }
svg { width: 100%; height: auto; font: 11px system-ui, sans-serif; } .legend svg { width: 10px; }
.legend span { margin-right: 1rem; white-space: nowrap; } .note { color: #555; }
@media print { body { max-width: none; margin: 0; font-size: 11px; } h2 { break-before: page; } h2:first-of-type { break-before: avoid; } }
`;

const STYLE_ELEMENT = new Html(`<style>${STYLE}</style>`);

/** The page may load nothing, and run nothing: its one style is named by its hash. */
const POLICY = `default-src 'none'; style-src 'sha256-${createHash('sha256').update(STYLE).digest('base64')}'`;

/** The report as one file that needs nothing else: no script, no font, no call. */
export function page(gateway: string, made: Date, axis: Axis, sources: readonly SourceNumbers[]): string {
  const time = (milliseconds: number): string => new Date(milliseconds).toISOString().slice(0, 16).replace('T', ' ');
  return markup`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>Hookgate: ${gateway}, ${time(axis.from)} to ${time(axis.to)}</title>
        ${STYLE_ELEMENT}
      </head>
      <body>
        <h1>Webhooks of ${gateway}</h1>
        <p>
          ${time(axis.from)} to ${time(axis.to)} UTC, in steps of ${stepText(axis.seconds)}. Made at
          ${made.toISOString()}.
        </p>
        <h2>All sources</h2>
        ${summary(sources)} ${traffic(axis, 'Deliveries of all sources', sources)} ${refusals(sources)}
        ${latency(sources)}
        <p class="note">
          The cost is what these events use, at list prices of ${REGION} as of ${AS_OF}, with bodies of ${ASSUMED.kb} KB
          that are processed one by one. The cost of a month without events is in docs/cost.md. Dead letters are those
          that wait now.
        </p>
        ${sources.map((source) => ofSource(axis, source))}
      </body>
    </html> `.text;
}

const stepText = (seconds: number): string =>
  seconds >= 86_400 ? 'a day' : seconds >= 3600 ? 'an hour' : `${seconds / 60} minutes`;

const SHOWN: readonly (readonly [heading: string, count: Count])[] = [
  ['deliveries', 'received'],
  ['accepted', 'accepted'],
  ['duplicates', 'duplicates'],
  ['refused', 'refused'],
  ['quarantined', 'quarantined'],
  ['503', 'unavailable'],
  ['processed', 'processed'],
  ['failed tries', 'failedTries'],
  ['recovered', 'recovered'],
];

const summary = (sources: readonly SourceNumbers[]): Html =>
  htmlTable(
    ['source', ...SHOWN.map(([heading]) => heading), 'dead letters', 'US$'],
    sources.map(({ source, counts, deadLetters, cost }) => [
      source,
      ...SHOWN.map(([, count]) => counts[count].total),
      deadLetters,
      cost.toFixed(2),
    ]),
  );

/** The answers to deliveries, as a bar is built of them. */
const OUTCOMES: readonly Count[] = ['accepted', 'duplicates', 'refused', 'quarantined', 'unavailable'];

const traffic = (axis: Axis, title: string, sources: readonly SourceNumbers[]): Html =>
  bars(
    title,
    axis,
    OUTCOMES.map((name) => ({ name, values: together(sources.map(({ counts }) => counts[name].values)) })),
  );

const together = (all: readonly Values[]): Values =>
  (all[0] ?? []).map((_, step) => all.reduce((sum, values) => sum + (values[step] ?? 0), 0));

function refusals(sources: readonly SourceNumbers[]): Html {
  const rows = sources.flatMap(({ source, refusals: own }) => own.map(({ reason, count }) => [source, reason, count]));
  return rows.length === 0
    ? markup`<p>Nothing was refused.</p>`
    : htmlTable(['source', 'refused because of', 'deliveries'], rows);
}

const TIMES: readonly (readonly [heading: string, time: Timed])[] = [
  ['answer', 'answer'],
  ['processing', 'processing'],
];

const latency = (sources: readonly SourceNumbers[]): Html =>
  htmlTable(
    ['source', ...TIMES.flatMap(([heading]) => PERCENTILES.map((part) => `${heading} ${part}, worst step, ms`))],
    sources.map(({ source, times }) => [
      source,
      ...TIMES.flatMap(([, time]) => PERCENTILES.map((part) => worst(times[time][part]))),
    ]),
  );

function worst(values: Values): string {
  const most = Math.max(...values.flatMap((value) => value ?? []));
  return Number.isFinite(most) ? most.toFixed(0) : '-';
}

const ofSource = (axis: Axis, source: SourceNumbers): Html =>
  markup`<h2>${source.source}</h2>
    ${traffic(axis, `Deliveries to ${source.source}`, [source])}
    ${TIMES.map(([heading, time]) =>
      lines(
        `Milliseconds from receipt to the ${heading === 'answer' ? 'answer' : 'end of the processing'}`,
        axis,
        ' ms',
        PERCENTILES.map((part) => ({ name: part, values: source.times[time][part] })),
      ),
    )}`;
