import { errorName } from '../errors.ts';
import type { EventIdentity } from '../event.ts';
import type { Ordering } from '../line.ts';
import { decodeMessage } from '../message.ts';
import { isPermanent } from '../permanent-error.ts';
import type { Clock, Ledger } from '../ports.ts';
import type { Observer } from '../observer.ts';
import { isOutOfTime, nextTry } from './retry.ts';
import type { RetryPolicy } from './retry.ts';
import type { QueueRecord } from './take.ts';

/** The queue of the messages, as far as further tries go. */
export interface Retries {
  /** Hides messages of this batch, each for so many seconds. A message of which this fails is hidden as long as any other. */
  delay(delays: readonly Delay[]): Promise<void>;
  /**
   * Puts a message's text into the dead-letter queue, with the reason of its last failure. `wasRepaired`: it has gone back from
   * there by itself before, and does not again.
   */
  giveUp(text: string, reason: string, wasRepaired?: boolean): Promise<void>;
  /** Shows a message at once that was hidden, by the receipt of its receive. */
  callBack(receipt: string): Promise<void>;
}

export interface Delay {
  /** The message's id. */
  readonly id: string;
  readonly seconds: number;
}

export interface FailurePorts {
  readonly ledger: Pick<Ledger, 'noteFailure' | 'forgetTries'>;
  readonly retries: Retries;
  readonly retry: RetryPolicy;
  /** From 0 up to 1. */
  readonly random: () => number;
  readonly clock: Clock;
  readonly observer: Pick<Observer, 'deadLetter' | 'retryFailed'>;
  /** Set if the source's events are ordered. */
  readonly order?: Ordering | undefined;
  /** Set if the try is the probe of an open breaker: it spends no try, and comes back after so many seconds. */
  readonly probeHold?: number;
}

type BuryPorts = Pick<FailurePorts, 'retries' | 'observer' | 'order'> & {
  readonly ledger: Pick<Ledger, 'forgetTries'>;
};

/** A place of a batch, and who holds its event; nobody holds a delivery whose events are yet to be told apart. */
export type Place = QueueRecord & { readonly owner?: string };

/**
 * Leaves with each event why it failed, and decides what comes next: another try after a while, or the dead-letter queue. A
 * message is sent there first, and its own queue deletes it afterwards, so that a crash between the two leaves a copy and loses
 * nothing. Returns the ids of the messages that are dead letters; all others come back, whatever fails here.
 */
export async function settleFailures(
  places: readonly Place[],
  reasons: ReadonlyMap<string, string>,
  ports: FailurePorts,
): Promise<ReadonlySet<string>> {
  const deadLetters = new Set<string>();
  const delays: Delay[] = [];
  const settle = async (id: string, copies: readonly Place[]): Promise<void> => {
    const reason = reasons.get(id);
    if (reason === undefined) return;
    const seconds = await settleOne(copies, reason, ports);
    if (seconds === undefined) deadLetters.add(id);
    else delays.push({ id, seconds });
  };
  // SQS can hand out one message twice, and so in one batch: one decision is made on it.
  const byId = [...Map.groupBy(places, ({ id }) => id)];
  await Promise.all(byId.map(([id, copies]) => settle(id, copies).catch(noteOn(ports))));
  if (delays.length > 0) await ports.retries.delay(delays).catch(noteOn(ports));
  return deadLetters;
}

/** Resolves to the seconds to the next try; to undefined if the message is in the dead-letter queue now. */
async function settleOne(copies: readonly Place[], reason: string, ports: FailurePorts): Promise<number | undefined> {
  const { retry, clock, probeHold } = ports;
  const { text = '', receives = 1, sentAt, wasRepaired = false } = copies[0] ?? {};
  const message = decodeMessage(text);
  // The ledger has no item of a whole delivery. Whoever splits it holds nothing, so each of its receives is a try.
  const isWhole = message.ok && message.value.parts !== undefined;
  const tries = !message.ok ? undefined : isWhole ? receives : await note(message.value, copies, reason, ports);
  const ageSeconds = sentAt === undefined ? 0 : (clock() - sentAt) / 1000;
  const failed = { tries, receives, ageSeconds, isPermanent: isPermanent(reason) };
  const seconds =
    probeHold === undefined || failed.isPermanent
      ? nextTry(retry, failed, ports.random())
      : isOutOfTime(retry, ageSeconds, probeHold)
        ? undefined
        : probeHold;
  if (seconds !== undefined) return seconds;
  await bury({ text, wasRepaired }, reason, ports);
  return undefined;
}

/**
 * Puts a message into the dead-letter queue, and says so in the ledger. Rejects if the message has to come back: of an ordered
 * source, the later events of its order key would wait for ever if nobody knew that it is a dead letter. Then it leaves a copy.
 */
export async function bury(
  { text, wasRepaired = false }: Pick<QueueRecord, 'text' | 'wasRepaired'>,
  reason: string,
  { ledger, retries, observer, order }: BuryPorts,
): Promise<void> {
  await retries.giveUp(text, reason, wasRepaired);
  observer.deadLetter();
  const message = decodeMessage(text);
  // The ledger has no item of a whole delivery.
  if (!message.ok || message.value.parts !== undefined) return;
  await ledger.forgetTries(message.value).catch((error: unknown) => {
    if (order) throw error;
    // Redriven, it has fewer tries: that is all.
    observer.retryFailed(errorName(error));
  });
}

/** Resolves to the count of failed tries. A note that cannot be written changes nothing: the message comes back all the same. */
async function note(
  event: EventIdentity,
  copies: readonly Place[],
  reason: string,
  { ledger, probeHold }: FailurePorts,
): Promise<number | undefined> {
  const isSpent = probeHold === undefined;
  const noted = copies.flatMap(({ owner, receives }) =>
    owner === undefined ? [] : [ledger.noteFailure(event, owner, reason, isSpent, receives).catch(() => undefined)],
  );
  return (await Promise.all(noted)).find((tries) => tries !== undefined);
}

const noteOn =
  ({ observer }: FailurePorts) =>
  (error: unknown): void =>
    observer.retryFailed(errorName(error));
