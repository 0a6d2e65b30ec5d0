import { errorName } from '../errors.ts';
import { asNewest, isOlder, placeOf, timeInLine } from '../line.ts';
import type { Ordering, Place } from '../line.ts';
import type { Result } from '../result.ts';
import { ok, refuse } from '../result.ts';
import type { Clock } from '../ports.ts';
import type { Observer } from '../observer.ts';
import type { Retries } from './failures.ts';
import type { RetryPolicy } from './retry.ts';
import type { QueueRecord, Taken } from './take.ts';

/** An event that this invocation holds, and whose turn it is not. */
export interface Waiter {
  readonly place: Place;
  readonly owner: string;
}

export interface TurnPorts {
  readonly order?: Ordering | undefined;
  readonly retry: RetryPolicy;
}

/** `waiting`: others are before it. `never_settled`: whoever took it was ended before it could say what became of it. */
export type TurnFault = 'waiting' | 'never_settled';

/**
 * Asks whether it is the event's turn, with its lease in hand: only who holds the first event of a line may handle anything of
 * it. An event that is not ordered, or a copy, needs no turn. `onWait` is told of an event that has to wait.
 */
export async function turnOf(
  taken: Taken,
  owner: string,
  { order, retry }: TurnPorts,
  onWait: (waiter: Waiter) => void,
): Promise<Result<Taken, TurnFault>> {
  const { event } = taken;
  const place = taken.copyOf === undefined ? placeOf(event, order) : undefined;
  if (!order || !place) return ok(taken);
  const time = timeInLine(event);
  const turn = await order.lines.takeTurn(place, owner, time);
  if (turn.is === 'waiting') {
    onWait({ place, owner });
    return refuse('waiting');
  }
  // SQS would move it to the dead letters sooner or later, and nobody would give up its place.
  if (turn.starts > mostStarts(retry)) return refuse('never_settled');
  const { starts, newest } = turn;
  const supersededBy = isOlder(time, newest) ? newest : undefined;
  // Who orders an event to be processed again wants just that.
  const isSkipped = order.newestOnly && supersededBy !== undefined && event.replay === undefined;
  // An event that only waited is not a retry: it can share a process with others.
  return ok({ ...taken, isRetry: starts > 1, turn: { place, newest, supersededBy, isSkipped } });
}

/** How often it can be an event's turn while no try of it is settled. */
const mostStarts = ({ attempts }: RetryPolicy): number => 2 * attempts + 10;

export interface WaitPorts {
  readonly order?: Ordering | undefined;
  readonly retries: Retries;
  readonly clock: Clock;
  readonly observer: Pick<Observer, 'waiting' | 'retryFailed'>;
}

/**
 * Lets events wait for their turn. Their messages are hidden first, and freed then: whoever leaves the line from then on calls
 * the next message back. Nothing that fails here changes what is handled: a message comes back by itself.
 */
export async function letWait(
  waiters: readonly (Waiter & { readonly record: QueueRecord })[],
  { order, retries, clock, observer }: WaitPorts,
): Promise<void> {
  if (!order || waiters.length === 0) return;
  const now = clock();
  const note = (error: unknown): void => observer.retryFailed(errorName(error));
  waiters.forEach(() => observer.waiting());
  const delays = waiters.map(({ record: { id, sentAt = now } }) => ({
    id,
    seconds: waitSeconds((now - sentAt) / 1000),
  }));
  await retries.delay(delays).catch(note);
  await Promise.all(
    waiters.map(async ({ place, owner, record: { id, receipt } }) => {
      if (await order.lines.wait(place, owner, receipt)) await retries.delay([{ id, seconds: 0 }]);
    }),
  ).catch(note);
}

/** Seconds of the shortest and of the longest wait, and the share of its age that a message waits. */
const MIN_WAIT_SECONDS = 30;
const MAX_WAIT_SECONDS = 1_800;
const SHARE = 1 / 8;

/**
 * Seconds after which a waiting message looks again whether its turn has come: the message before it calls it back, unless its
 * processor is killed. They grow with its age, so that SQS counts less than a thousand receives in the fourteen days that it
 * can wait.
 */
export const waitSeconds = (ageSeconds: number): number =>
  Math.min(MAX_WAIT_SECONDS, Math.max(MIN_WAIT_SECONDS, Math.ceil(ageSeconds * SHARE)));

/**
 * Says of events whose try has failed that somebody has settled it: a probe of an open breaker spends no try, and there can be
 * thousands of them. A first turn has nothing to take back.
 */
export async function settleTurns(
  failed: readonly Pick<Taken, 'owner' | 'turn' | 'isRetry'>[],
  { order, observer }: Pick<WaitPorts, 'order' | 'observer'>,
): Promise<void> {
  const settled = failed.flatMap(({ isRetry, turn, owner }) =>
    isRetry && turn && order ? [order.lines.settle(turn.place, owner)] : [],
  );
  await Promise.all(settled).catch((error: unknown) => observer.retryFailed(errorName(error)));
}

/** Gives up the places of events that are done, and calls the next in their lines. A place that stays is given up by the next. */
export async function leaveLines(
  done: readonly Pick<Taken, 'owner' | 'turn' | 'event'>[],
  { order, retries }: Pick<WaitPorts, 'order' | 'retries'>,
  isHandled: boolean,
): Promise<void> {
  if (!order) return;
  const leave = async ({ owner, turn, event }: (typeof done)[number]): Promise<void> => {
    if (!turn) return;
    const { key, keyKind } = event;
    const time = timeInLine(event);
    const done = { key, ...(keyKind && { keyKind }), ...(time !== undefined && { time }) };
    const receipt = await order.lines.leave(turn.place, owner, isHandled ? asNewest(done, turn.newest) : undefined);
    if (receipt !== undefined) await retries.callBack(receipt);
  };
  await Promise.all(done.map((item) => leave(item).catch(() => undefined)));
}
