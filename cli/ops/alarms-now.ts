import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { parseAlarmName } from '../../lib/config/stack-names.ts';
import type { OperatedGateway } from './gateway.ts';

/** An alarm that is on. */
export interface ActiveAlarm {
  readonly name: string;
  /** Null if it is about the gateway as a whole. */
  readonly source: string | null;
  /** ISO 8601. */
  readonly since: string;
  /** Names its severity and its section of the runbook. */
  readonly description: string;
}

/** The gateway's alarms that are on; undefined on one machine, which has none. */
export async function alarmsNow(gateway: OperatedGateway): Promise<ActiveAlarm[] | undefined> {
  if (gateway.isLocal) return undefined;
  const active: ActiveAlarm[] = [];
  const client = gateway.client(CloudWatchClient);
  const query = { StateValue: 'ALARM' as const, AlarmNamePrefix: gateway.name, AlarmTypes: ['MetricAlarm' as const] };
  for await (const { MetricAlarms: page = [] } of paginateDescribeAlarms({ client }, query)) {
    for (const {
      AlarmName: name = '',
      StateTransitionedTimestamp: since,
      AlarmDescription: description = '',
    } of page) {
      // A gateway of a longer name has the prefix too.
      const about = parseAlarmName(gateway.name, name);
      if (about) active.push({ name, source: about.source, since: (since ?? new Date()).toISOString(), description });
    }
  }
  return active;
}
