import { createPublicKey } from 'node:crypto';
import { isOneMachine, optionalSetting } from '../adapters/environment.ts';
import { httpClient } from '../adapters/http.ts';
import { cachedKeys } from '../adapters/keys.ts';
import type { Keys } from '../core/key-request.ts';

/** A key must be there well before the verifier's own time-out: two tries of 1.5 s. */
const BOUNDS = { timeoutMs: 1_500, totalMs: 3_500, retries: 1, maxBytes: 256 * 1024 };

/**
 * The keys that the provider publishes. Loaded only when a delivery needs one: no other verifier calls anybody. The local gateway
 * hands over the one key of the deliveries that are made up there, which no provider publishes.
 */
export function publishedKeys(): Keys {
  const local = isOneMachine() ? optionalSetting('localKey') : undefined;
  if (local === undefined)
    return cachedKeys(httpClient({ ...BOUNDS, allowLoopback: isOneMachine() }), () => Date.now());
  const key = createPublicKey(local);
  return { get: () => Promise.resolve(key) };
}
