import { UNKNOWN_TYPE } from '../../lambdas/core/event.ts';

/** An event as far as it is told from others. */
export interface Seen {
  /** The event key, encoded. */
  readonly key: string;
  readonly bodyHash: string;
  readonly type: string;
}

/** How the events of a scenario are told apart by those who watch, who know more of them than the gateway does. */
export interface Identity {
  /** The name of an event beside its key: on all events of one name the handler's effect takes place once. */
  of(event: Seen): string;
  /** Names what its body says: an event is processed again, after an interrupted run, with the same body. */
  textOf(event: Seen): string;
  /** Whether the event that was processed is the acknowledged one. */
  isDone(acknowledged: Seen, processed: Seen): boolean;
  /** Whether the event that waits in quarantine is the acknowledged one. */
  isWaiting(acknowledged: Seen, waiting: Seen): boolean;
  /** Whether the event that waits in quarantine is the one that was processed. */
  isBoth(processed: Seen, waiting: Seen): boolean;
}

const haveOneBody = (one: Seen, other: Seen): boolean => one.bodyHash === other.bodyHash;

/** An event is its key and its body. */
export const BY_KEY: Identity = {
  of: ({ key }) => key,
  textOf: ({ bodyHash }) => bodyHash,
  isDone: (acknowledged, processed) => acknowledged.key === processed.key && haveOneBody(acknowledged, processed),
  isWaiting: haveOneBody,
  isBoth: haveOneBody,
};

/** All events report the same: one of them is to be processed, whatever its key and its bytes. */
export const ONE_FACT: Identity = { ...BY_KEY, of: () => '', isDone: () => true };

const haveOneType = ({ type }: Seen, other: Seen): boolean =>
  [type, other.type].includes(UNKNOWN_TYPE) || type === other.type;
const haveBodyAndType = (one: Seen, other: Seen): boolean => haveOneBody(one, other) && haveOneType(one, other);

/**
 * Id and type come in headers that nobody signs: an event is its body, whatever it is called. A body that came under two types may
 * be two events of the provider, so that each of the two has to be somewhere; one without an id waits under a key of its own.
 */
export const BY_BODY: Identity = {
  ...BY_KEY,
  of: ({ bodyHash }) => bodyHash,
  isDone: haveBodyAndType,
  isWaiting: haveBodyAndType,
  isBoth: (processed, waiting) => processed.key === waiting.key && haveOneBody(processed, waiting),
};

/** The facts about a delivery that only its sender knows. */
export interface Origin {
  /** Names the proof that it carries. */
  readonly proof: string;
  /** Names the event that its sender meant: a retry that is signed again has other bytes. */
  readonly event: string;
}

/** A proof says nothing of the body, and is used once: of the events that come under it one is processed. */
export const byProof = (originOf: (bodyHash: string) => Origin): Identity => ({
  ...BY_KEY,
  of: ({ bodyHash }) => originOf(bodyHash).proof,
  textOf: ({ bodyHash }) => originOf(bodyHash).event,
  isDone: (acknowledged, processed) => originOf(acknowledged.bodyHash).event === originOf(processed.bodyHash).event,
});
