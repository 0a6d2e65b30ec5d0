import { CloudFormationClient, paginateListStackResources } from '@aws-sdk/client-cloudformation';
import { CloudWatchClient, paginateDescribeAlarms } from '@aws-sdk/client-cloudwatch';
import { pascalCase } from '../../lib/config/stack-names.ts';
import type { Target } from './target.ts';

/** An alarm that is on. */
export interface ActiveAlarm {
  readonly name: string;
  /** Null where it is about the gateway as a whole. */
  readonly source: string | null;
  /** ISO 8601. */
  readonly since: string;
  /** With its severity and its place in the runbook. */
  readonly description: string;
}

/** The stack's alarms that are on; undefined on one machine, where there are none. */
export async function alarmsNow(target: Target, sources: readonly string[]): Promise<ActiveAlarm[] | undefined> {
  if (target.isLocal) return undefined;
  const logicalIds = await alarmsOfStack(target);
  const active: ActiveAlarm[] = [];
  const client = target.client(CloudWatchClient);
  // By state and prefix, for the names of all alarms are more than one call takes; a stack of a longer name has the prefix too.
  const query = {
    StateValue: 'ALARM',
    AlarmNamePrefix: `${target.name}-`,
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
async function alarmsOfStack(target: Target): Promise<ReadonlyMap<string, string>> {
  const client = target.client(CloudFormationClient);
  const found = new Map<string, string>();
  for await (const { StackResourceSummaries: page = [] } of paginateListStackResources(
    { client },
    { StackName: target.name },
  )) {
    for (const { ResourceType: type, PhysicalResourceId: name, LogicalResourceId: logicalId } of page)
      if (type === 'AWS::CloudWatch::Alarm' && name !== undefined && logicalId !== undefined)
        found.set(name, logicalId);
  }
  return found;
}

/** The source whose name the logical id starts with; the longest, for `osigu` starts `osigu-sandbox` too. */
function sourceOf(logicalId: string, sources: readonly string[]): string | null {
  const matching = sources.filter((source) => logicalId.startsWith(pascalCase(source)));
  return matching.sort((a, b) => b.length - a.length)[0] ?? null;
}
