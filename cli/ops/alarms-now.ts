import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { pascalCase } from '../../lib/config/stack-names.ts';
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

/** The stack's alarms that are on; undefined on one machine, which has none. */
export async function alarmsNow(
  gateway: OperatedGateway,
  sources: readonly string[],
): Promise<ActiveAlarm[] | undefined> {
  if (gateway.isLocal) return undefined;
  const logicalIds = await alarmsOfStack(gateway);
  const active: ActiveAlarm[] = [];
  const client = gateway.client(CloudWatchClient);
  // By state and prefix, because one call does not take the names of all alarms. A stack of a longer name has the prefix too.
  const query = {
    StateValue: 'ALARM',
    AlarmNamePrefix: `${gateway.name}-`,
    AlarmTypes: ['MetricAlarm' as const],
  } as const;
  for await (const { MetricAlarms: page = [] } of paginateDescribeAlarms(
    { client },
    { ...query, AlarmTypes: [...query.AlarmTypes] },
  )) {
    for (const {
      AlarmName: name = '',
      StateTransitionedTimestamp: since,
      AlarmDescription: description = '',
    } of page) {
      const logicalId = logicalIds.get(name);
      if (logicalId === undefined) continue;
      active.push({
        name,
        source: sourceOf(logicalId, sources),
        since: (since ?? new Date()).toISOString(),
        description,
      });
    }
  }
  return active;
}

/** Logical ids by alarm name. */
async function alarmsOfStack(gateway: OperatedGateway): Promise<ReadonlyMap<string, string>> {
  const client = gateway.client(CloudFormationClient);
  const found = new Map<string, string>();
  for await (const { StackResourceSummaries: page = [] } of paginateListStackResources(
    { client },
    { StackName: gateway.name },
  )) {
    for (const { ResourceType: type, PhysicalResourceId: name, LogicalResourceId: logicalId } of page)
      if (type === 'AWS::CloudWatch::Alarm' && name !== undefined && logicalId !== undefined)
        found.set(name, logicalId);
  }
  return found;
}

/** The source whose name the logical id starts with; the longest, because `osigu` starts `osigu-sandbox` too. */
function sourceOf(logicalId: string, sources: readonly string[]): string | null {
  const matching = sources.filter((source) => logicalId.startsWith(pascalCase(source)));
  return matching.sort((a, b) => b.length - a.length)[0] ?? null;
}
