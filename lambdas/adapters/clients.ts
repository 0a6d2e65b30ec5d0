/**
 * Bounds of the clients on the accept path: a provider waits for the answer, so a call that hangs is given up in time for
 * the provider's own retry.
 */
export const CLIENT_BOUNDS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 2_500, throwOnRequestTimeout: true },
} as const;

/** Bounds of the client by which a processor stores and reads objects: a batch of the largest bodies takes its time. */
export const STORE_BOUNDS = {
  maxAttempts: 3,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 8_000, throwOnRequestTimeout: true },
} as const;
