import type { RecoveryPorts } from '../../numbered-events.ts';
import type { Progress } from './progress.ts';
import type { ServerStatus } from './server.ts';

/** Milliseconds for which a Subscription may wait to be turned on. */
const PATIENCE_MS = 3_600_000;

/**
 * Returns since when the Subscription has been seen waiting to be turned on; undefined if it does not wait. A fault if that is too
 * long: some servers take a Subscription, or turn it on again, and never send anything.
 */
export function requestedSince(
  { status }: ServerStatus,
  before: Pick<Progress, 'requestedSince'>,
  ports: Pick<RecoveryPorts, 'api' | 'fault'>,
): string | undefined {
  if (status !== 'requested') return undefined;
  const { now } = ports.api;
  const since = before.requestedSince ?? now.toISOString();
  if (now.getTime() - Date.parse(since) >= PATIENCE_MS) ports.fault('subscription', 'still_requested');
  return since;
}
