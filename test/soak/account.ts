import type { Kind } from './events.ts';

/** Everything that is known of one event at the end of a run. */
export interface Fate {
  readonly id: string;
  readonly kind: Kind;
  /** Whether a delivery of it was answered with 2xx, or its provider was told that it is safe. */
  readonly acknowledged: boolean;
  /** Times at which it was published, in milliseconds since the epoch. */
  readonly published: readonly number[];
  /** Its status in the ledger. */
  readonly status: string | undefined;
  /** When it was marked processed, in milliseconds since the epoch. */
  readonly processedAt?: number | undefined;
  /** Why its failed tries failed. */
  readonly failures?: readonly string[];
  /** Whether its message is in the quarantine queue. */
  readonly waits: boolean;
  /** Whether its handler fails whenever it is tried. */
  readonly isDoomed?: boolean;
  /** Whether its message is in the dead-letter queue. */
  readonly isDead?: boolean;
}

/** A fault after which an event may be published twice, because no gateway can promise otherwise: docs/guarantees.md. */
export type Excuse = (fate: Fate) => boolean;

/** Why a try fails whose handler was ended, perhaps after its effect: by itself, or by the handler of another event. */
const ENDED = /^(timed_out|handler_(exited|aborted)|out_of_memory|uncaught_[\w ]+)$/;
/** Why a try fails if a call of AWS has no answer in time, perhaps after its effect: the machine of the run is too busy. */
const UNANSWERED = /^(TimeoutError|AbortError)( \w+)?$/;

/** The handler was ended after its effect, or the answer that says so did not come, and nobody could know. */
export const wasEnded: Excuse = ({ failures = [] }) =>
  failures.some((reason) => ENDED.test(reason) || UNANSWERED.test(reason));

export interface Account {
  readonly sent: number;
  readonly forged: number;
  readonly acknowledged: number;
  readonly processed: number;
  readonly quarantined: number;
  /** Given up by their provider: never answered with 2xx, so nothing was promised. */
  readonly givenUp: number;
  /** Ids of what was acknowledged, and is neither processed nor quarantined, nor a dead letter that can be nothing else. */
  readonly lost: readonly string[];
  /** Ids of what was published more than once without an excuse. */
  readonly twice: readonly string[];
  /** Their times and failed tries, in a line each. */
  readonly known: readonly string[];
  /** Ids of what was published more than once with an excuse. */
  readonly excused: readonly string[];
  /** Ids of forgeries that were acknowledged, or left a trace. */
  readonly accepted: readonly string[];
  /** Events whose handler fails whenever they are tried, and that are dead letters. */
  readonly dead: number;
  /** Ids of dead letters that a try would have handled. */
  readonly stranded: readonly string[];
  /** Ids of what the ledger tells another story of than the bus or the quarantine. */
  readonly contradicted: readonly string[];
}

const NO_EXCUSE: Excuse = () => false;

/** The account of every id. The run has passed if {@link isRight}. */
export function accountOf(fates: readonly Fate[], given: Excuse = NO_EXCUSE): Account {
  const excuse: Excuse = (fate) => wasEnded(fate) || given(fate);
  const authentic = fates.filter(({ kind }) => kind !== 'forged');
  const forgeries = fates.filter(({ kind }) => kind === 'forged');
  const ids = (of: readonly Fate[], test: (fate: Fate) => boolean): string[] => of.filter(test).map(({ id }) => id);
  const isProcessed = ({ published }: Fate): boolean => published.length > 0;
  // The message itself: if a mark failed, the ledger says PENDING of what waits.
  const isSafe = (fate: Fate): boolean =>
    fate.kind === 'unreadable' ? fate.waits : fate.isDoomed === true ? fate.isDead === true : isProcessed(fate);
  const isTwice = ({ published }: Fate): boolean => published.length > 1;
  return {
    sent: authentic.length,
    forged: forgeries.length,
    acknowledged: authentic.filter(({ acknowledged }) => acknowledged).length,
    processed: authentic.filter(isProcessed).length,
    quarantined: authentic.filter(({ waits }) => waits).length,
    givenUp: authentic.filter(({ acknowledged }) => !acknowledged).length,
    lost: ids(authentic, (fate) => fate.acknowledged && !isSafe(fate)),
    twice: ids(authentic, (fate) => isTwice(fate) && !excuse(fate)),
    known: authentic.filter((fate) => isTwice(fate) && !excuse(fate)).map(knownOf),
    excused: ids(authentic, (fate) => isTwice(fate) && excuse(fate)),
    accepted: ids(
      forgeries,
      (fate) => fate.acknowledged || isProcessed(fate) || fate.waits || fate.status !== undefined,
    ),
    dead: authentic.filter(({ isDoomed, isDead }) => isDoomed === true && isDead === true).length,
    stranded: ids(authentic, (fate) => fate.isDead === true && fate.isDoomed !== true && !isProcessed(fate)),
    contradicted: ids(authentic, isContradicted),
  };
}

const knownOf = ({ id, published, processedAt = 0, failures = [] }: Fate): string => {
  const times = [...published, processedAt].map((at) => new Date(at).toISOString());
  return `${id}: published at ${times.slice(0, -1).join(' and ')}, marked at ${times.at(-1)}; failed tries: ${failures.join(', ') || 'none'}`;
};

/** The ledger says PROCESSED of what was published and of nothing else, and QUARANTINED of nothing but what waits. */
const isContradicted = ({ published, status, waits }: Fate): boolean =>
  published.length > 0 !== (status === 'PROCESSED') || (status === 'QUARANTINED' && !waits);

/** Nothing lost, nothing twice, nothing forged, no dead letter that need not be one, and one story. */
export const isRight = ({ sent, acknowledged, lost, twice, accepted, stranded, contradicted }: Account): boolean =>
  sent > 0 && acknowledged > 0 && [lost, twice, accepted, stranded, contradicted].every((ids) => ids.length === 0);
