import { isObject } from '../../json.ts';
import type { Registered } from '../../registration.ts';

/** A registration that the poller has seen, with what is needed to make it again. */
export interface Known {
  readonly id: string;
  readonly events: readonly string[];
  /** ISO 8601; absent if it does not end by itself. */
  readonly expiresAt?: string | undefined;
  /** True if it was made, and no list has shown it since: then it is not made again. */
  readonly isUnseen?: boolean;
  /** Tries to make it again of which nobody knows whether they had an effect. */
  readonly tries?: Tries | undefined;
}

export interface Tries {
  readonly count: number;
  /** When the last of them was, ISO 8601. */
  readonly at: string;
}

/** The versions of the signing secret by their labels, without a value. */
export interface SecretLabels {
  readonly current?: string | undefined;
  /** Absent if no version waits to become the current one. */
  readonly pending?: string | undefined;
}

/** The state before a registration was made whose secret the provider tells once. */
export interface MakingFrom {
  /** Ids of the registrations of the source's URL. */
  readonly ids: readonly string[];
  readonly labels: SecretLabels;
}

/** The poller's memory of a source's registrations. */
export interface Memory {
  readonly known: readonly Known[];
  /** Present while one is being made whose secret the provider tells once. If the poll died there, nobody has that secret. */
  readonly making?: MakingFrom | undefined;
}

/** Reads the memory from the text of {@link writeMemory}; empty before the first time. */
export function readMemory(text: string | undefined): Memory {
  const value: unknown = text === undefined ? undefined : JSON.parse(text);
  return isObject(value) && Array.isArray(value.known) ? (value as unknown as Memory) : { known: [] };
}

export const writeMemory = (memory: Memory): string => JSON.stringify(memory);

export const knownOf = ({ id, events, expiresAt }: Registered): Known => ({
  ...{ id, events },
  ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
});

export const areSameEvents = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && [...a].sort().join('\n') === [...b].sort().join('\n');
