import type { RecoveryPorts } from '../../core/numbered-events.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import { call, readResourceIn, subscriptionPath } from './calls.ts';
import { readText } from '../../core/schemes/fields.ts';
import { objectsIn } from './values.ts';

/**
 * Reports a fault if the server's heartbeat is not the one that the silence alarm counts on: a server may change what it was
 * asked for.
 */
export async function checkHeartbeat(subscription: string, ports: RecoveryPorts): Promise<void> {
  const { api } = ports;
  const { heartbeatSeconds } = api.options;
  if (typeof heartbeatSeconds !== 'number' || ports.isLate()) return;
  const read = readResourceIn(await call(api, 'GET', subscriptionPath(subscription)));
  if (read.ok && periodOf(read.value) !== heartbeatSeconds) ports.fault('heartbeat', 'another_period');
}

function periodOf({ heartbeatPeriod, channel }: JsonObject): unknown {
  if (heartbeatPeriod !== undefined) return heartbeatPeriod;
  const extensions = isObject(channel) ? objectsIn(channel.extension) : [];
  return extensions.find(({ url }) => readText(url)?.endsWith('/backport-heartbeat-period'))?.valueUnsignedInt;
}
