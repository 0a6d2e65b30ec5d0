import type { KeyObject } from 'node:crypto';
import type { HttpRequest, HttpResponse } from './http/http.ts';

/** A key that a provider publishes, and how to fetch it. The scheme has pinned the host: nothing a sender says chooses it. */
export interface KeyRequest {
  /** Names the set of keys that one call fetches: its URL, or what stands for it. */
  readonly set: string;
  /** Names the key within the set: a `kid`, or nothing if the set is one key. */
  readonly id: string;
  /** True if the call fetches this key alone: what was fetched before then says nothing about it. */
  readonly isSingle?: boolean;
  readonly call: HttpRequest;
  /** The keys in an answer, by id; undefined if the answer is not the provider's. Never throws. */
  read(answer: HttpResponse): ReadonlyMap<string, KeyObject> | undefined;
}

/** Fetches and keeps the keys that providers publish. */
export interface Keys {
  /** The key; undefined if the provider has no such key. Rejects if it cannot be fetched: nobody knows then. */
  get(request: KeyRequest): Promise<KeyObject | undefined>;
}
