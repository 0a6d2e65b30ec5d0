/** When the tries of an event are made, and when no more are. */
export interface RetryPolicy {
  /** Tries before the event is a dead letter. */
  readonly attempts: number;
  /** Seconds from the first failed try to the second one. Each further delay is twice as long. */
  readonly firstDelaySeconds: number;
  /** Seconds of the longest delay. */
  readonly maxDelaySeconds: number;
  /** Seconds for which the queue keeps a message from the moment at which it was first sent, whatever happens to it. */
  readonly retentionSeconds: number;
}

/** A try that failed. */
export interface FailedTry {
  /** Failed tries of the event, this one included; undefined if the ledger could not count it. */
  readonly tries: number | undefined;
  /** How often the queue has handed out the message: stands for `tries` if they are not known. */
  readonly receives: number;
  /** Seconds since the message was first sent. */
  readonly ageSeconds: number;
  readonly isPermanent: boolean;
}

/** A delay is shorter than its full length by this share at most, so that events that failed together come back one by one. */
const JITTER = 0.2;
/** The share of its retention after which a message is not tried again: SQS would delete it, tried or not. */
const RETENTION_SHARE = 0.7;
/** No delay doubles more often: the number stays one that a double holds exactly. */
const MAX_DOUBLINGS = 40;

/** Seconds to the next try; undefined if there is none, and the event is a dead letter. `random` is from 0 up to 1. */
export function nextTry(policy: RetryPolicy, failed: FailedTry, random: number): number | undefined {
  if (failed.isPermanent) return undefined;
  // A try that the ledger could not count does not count: its outage must not make dead letters.
  if (failed.tries !== undefined && failed.tries >= policy.attempts) return undefined;
  const doublings = Math.min((failed.tries ?? failed.receives) - 1, MAX_DOUBLINGS);
  const full = Math.min(policy.maxDelaySeconds, policy.firstDelaySeconds * 2 ** doublings);
  const delay = Math.max(1, Math.round(full * (1 - JITTER * random)));
  return isOutOfTime(policy, failed.ageSeconds, delay) ? undefined : delay;
}

/** Whether the queue may delete a message that is hidden for so long: it goes to the dead letters instead. Seconds. */
export const isOutOfTime = ({ retentionSeconds }: RetryPolicy, ageSeconds: number, delay: number): boolean =>
  ageSeconds + delay > RETENTION_SHARE * retentionSeconds;
