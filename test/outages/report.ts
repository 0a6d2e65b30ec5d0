import type { Outcome } from './world.ts';

const HOUR = 3_600_000;

/** The promises that an outage broke, as sentences; none if all held. */
export const missesOf = ({ lost, twice, toMove, drainMs }: Outcome): string[] => [
  ...(lost > 0 ? [`${lost} events are lost`] : []),
  ...(twice > 0 ? [`${twice} events were processed twice`] : []),
  ...(toMove > 0 ? [`${toMove} dead letters wait for a person`] : []),
  ...(drainMs > HOUR ? [`it took ${lasts(drainMs)} to drain`] : []),
];

const COLUMNS: readonly (readonly [title: string, width: number, of: (outcome: Outcome) => string | number])[] = [
  ['events', 8, ({ events }) => events],
  ['tries', 8, ({ tries }) => tries],
  ['while down', 11, ({ triesWhileDown }) => triesWhileDown],
  ['a minute', 9, ({ mostAMinute }) => mostAMinute],
  ['spent', 8, ({ spentWhileDown }) => spentWhileDown],
  ['dead', 7, ({ deadLetters }) => deadLetters],
  ['to move', 8, ({ toMove }) => toMove],
  ['lost', 5, ({ lost }) => lost],
  ['twice', 6, ({ twice }) => twice],
  ['drained', 8, ({ drainMs }) => lasts(drainMs)],
  ['later', 8, ({ longestWaitMs }) => lasts(longestWaitMs)],
  ['poison', 7, ({ longestPoisonedMs, deadLetters }) => (deadLetters === 0 ? '-' : lasts(longestPoisonedMs))],
  ['receives', 9, ({ mostReceives }) => mostReceives],
];

const lasts = (milliseconds: number): string =>
  milliseconds < 60_000
    ? `${Math.round(milliseconds / 1000)} s`
    : milliseconds < 3_600_000
      ? `${Math.round(milliseconds / 60_000)} min`
      : `${(milliseconds / 3_600_000).toFixed(1)} h`;

const NAMES = 32;

/**
 * `while down`: tries while the outage lasted; `a minute`: the most of them in one minute after the first five; `spent`: tries of the
 * events' own allowance; `drained`: from the end of the outage until all that came before it is processed; `later`: the longest wait of an event that came after it; `to move`: dead letters
 * that are of no poisoned event, and wait for a person; `poison`: how long the
 * last dead letter was tried for; `receives`: how often SQS handed out one message, at most.
 */
export const HEAD = `${'outage'.padEnd(NAMES)}${'by'.padEnd(11)}${COLUMNS.map(([title, width]) => title.padStart(width)).join('')}`;

export const row = (name: string, way: string, outcome: Outcome): string =>
  `${name.padEnd(NAMES)}${way.padEnd(11)}${COLUMNS.map(([, width, of]) => of(outcome).toLocaleString('en-US').padStart(width)).join('')}`;
