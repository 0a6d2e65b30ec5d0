import type { Report } from '../../cli/ops/output.ts';
import { decodeKey } from '../../lambdas/core/event-key.ts';
import type { Gateway, Surroundings } from './gateway.ts';
import type { Move } from './faults.ts';
import { Operator } from './operator.ts';
import type { Errand } from './operator.ts';

/** Messages that a command looks at. */
const LIMIT = 10;
/** Milliseconds to the next try: by then what the last one held is seen again. */
const HOLD_MS = 150_000;
/** Milliseconds to the next try of a pause: the source is to be paused soon. */
const PAUSE_AGAIN_MS = 1_000;
/** Milliseconds to the next order: as many as a handler takes, so that it comes while the one before is carried out, or after. */
const ORDER_MS = 20_000;

/** Releases an event, or drops it, until nothing waits in quarantine or the other was decided. */
function decide(gateway: Gateway, key: string, decision: 'release' | 'drop'): Surroundings {
  const { product, source, quarantine, decisions } = gateway;
  const options = { limit: LIMIT, yes: true };
  // Operators type the key as it reads, and are told of it so.
  const { key: text } = decodeKey(key);
  const encoded = (told: readonly string[] = []): readonly string[] => told.map((each) => (each === text ? key : each));
  let isRefused = false;
  return new Operator(gateway, {
    ...{ name: decision, againAfter: HOLD_MS },
    isWanted: () => quarantine.messages.length > 0 && !isRefused,
    begin: () => decision === 'release' && decisions.asksToRelease(key),
    run: (ops) => product[decision === 'release' ? 'releaseEvents' : 'dropEvents'](ops, source.name, text, options),
    reported: (report) => {
      const { released, dropped, refused } =
        dataOf<Record<'released' | 'dropped' | 'refused', readonly string[]>>(report);
      decisions.decided('released', encoded(released));
      decisions.decided('dropped', encoded(dropped));
      isRefused = refused?.includes(text) ?? false;
    },
    state: () => String(isRefused),
  });
}

export const release = (gateway: Gateway, key: string): Surroundings => decide(gateway, key, 'release');
export const drop = (gateway: Gateway, key: string): Surroundings => decide(gateway, key, 'drop');

/** Has a processed event processed again, so often; a run that fails may have given its order, and the next gives another. */
export function replay(gateway: Gateway, key: string, times = 1): Surroundings {
  const { product, source, table, decisions } = gateway;
  let left = times;
  const isProcessed = (): boolean =>
    table.all().some((item) => item.eventKey?.S === key && item.status?.S === 'PROCESSED');
  return new Operator(gateway, {
    ...{ name: 'replay', againAfter: ORDER_MS },
    isWanted: () => left > 0 && isProcessed(),
    run: (ops) => product.reprocess(ops, source.name, { key }),
    reported: (report) => {
      const { order, replayed } = dataOf<{ readonly order: string; readonly replayed: readonly string[] }>(report);
      if (order === undefined || !replayed?.includes(key)) return;
      decisions.ordered(order);
      left--;
    },
    state: () => String(left),
  });
}

/** Mends the handler and redrives the dead letters, at some moment or not before a given one, in milliseconds since the epoch. */
export function redrive(gateway: Gateway, from: number): Surroundings {
  const { product, source, deadLetters } = gateway;
  return new Operator(gateway, {
    ...{ name: 'redrive', from, againAfter: HOLD_MS },
    isWanted: () => deadLetters.messages.length > 0,
    begin: () => {
      gateway.handlerIsBroken = false;
    },
    run: (ops) => product.redrive(ops, source.name),
    reported: () => undefined,
  });
}

/** Redrives the dead letters once, not before the given moment, in milliseconds since the epoch; the handler fails as before. */
export function redriveInVain(gateway: Gateway, from: number): Surroundings {
  const { product, source, deadLetters } = gateway;
  let isDone = false;
  return new Operator(gateway, {
    ...{ name: 'redrive in vain', from, againAfter: HOLD_MS },
    isWanted: () => !isDone && deadLetters.messages.length > 0,
    run: (ops) => product.redrive(ops, source.name),
    reported: () => {
      isDone = true;
    },
    state: () => String(isDone),
  });
}

/** Pauses the source at some moment, unless it is paused, and resumes it so many milliseconds after the start. */
export function pausing(gateway: Gateway, resumesAfter: number, first: 'pause' | 'resume' = 'pause'): Surroundings {
  const { product, source, simulation } = gateway;
  const from = simulation.now + resumesAfter;
  let next: 'pause' | 'resume' | undefined = first;
  const errand = (
    name: 'pause' | 'resume',
    run: Errand['run'],
    then: typeof next,
    more: Partial<Errand> = {},
  ): Operator =>
    new Operator(gateway, {
      ...{ name, againAfter: PAUSE_AGAIN_MS, run, isWanted: () => next === name },
      reported: () => {
        next = then;
      },
      state: () => String(next),
      ...more,
    });
  const pause = errand(
    'pause',
    (ops) => product.pause.run(ops, { source: source.name, reason: 'a migration' }),
    'resume',
  );
  const resume = errand('resume', (ops) => product.resume.run(ops, { source: source.name }), undefined, { from });
  return {
    moves: () => [...pause.moves(), ...resume.moves()],
    times: () => [...pause.times(), ...resume.times()],
    state: () => `${pause.state()} ${resume.state()}`,
    atEnd: () => [pause, resume].forEach((each) => each.atEnd()),
  };
}

/** SQS hands out to a second operator, for a fault, what the first one holds. */
export const shownTwice = ({ quarantine, simulation }: Gateway): Surroundings => ({
  moves: () =>
    quarantine.messages
      .filter(({ visibleAt }) => visibleAt > simulation.now)
      .map((message): Move => ({
        ...{ label: `SQS shows ${message.id} to another operator too`, faults: 1 },
        apply: () => {
          message.visibleAt = simulation.now;
        },
      })),
  times: () => [],
  state: () => '',
});

const dataOf = <Data>({ data }: Report): Partial<Data> => data as Partial<Data>;
