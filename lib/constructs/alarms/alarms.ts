import { Lazy } from 'aws-cdk-lib';
import { CfnAlarm } from 'aws-cdk-lib/aws-cloudwatch';
import type { CfnAlarmProps } from 'aws-cdk-lib/aws-cloudwatch';
import { Construct } from 'constructs';
import { METRIC } from '../../../lambdas/contract.ts';
import { alarmName } from '../../config/stack-names.ts';
import { nameInTemplate, pascalCase } from '../names.ts';
import type { AlarmTopics } from './alarm-topics.ts';
import type { AlarmRow, MetricRef, Query } from './row.ts';

export interface AlarmsProps {
  readonly rows: readonly AlarmRow[];
  readonly gateway: string;
  /** Absent if the alarms are the gateway's. */
  readonly source?: string;
  readonly topics: AlarmTopics;
  /** Where docs/ can be read; absent if nowhere but in the repository. */
  readonly docsUrl?: string | undefined;
}

/**
 * The alarms of a table, each telling its severity's topic when it starts. It does not tell when it ends: CloudWatch would say so of
 * each new alarm at the first deployment.
 */
export class Alarms extends Construct {
  constructor(scope: Construct, id: string, { rows, gateway, source, topics, docsUrl }: AlarmsProps) {
    super(scope, id);
    for (const row of rows) {
      const [bad, of] = row.periods ?? [1, 1];
      const alarm = new CfnAlarm(this, row.id, {
        alarmName: alarmName(gateway, row.id, source, row.version?.number),
        alarmDescription: describe(row, docsUrl),
        alarmActions: [topics[row.severity].topicArn],
        ...queryOf(row, gateway),
        ...{ threshold: row.threshold, evaluationPeriods: of, datapointsToAlarm: bad },
        comparisonOperator: 'GreaterThanOrEqualToThreshold',
        treatMissingData: 'notBreaching',
      });
      nameInTemplate(alarm, logicalIdOf(row, source));
    }
  }
}

/**
 * The alarm of another version has another logical id: it is made before that version is called, and the one before it goes when the
 * deployment has succeeded. With the same logical id it would be a replacement, which an upgrade check stops at.
 */
function logicalIdOf({ id, version }: AlarmRow, source = ''): string {
  const logicalId = `${pascalCase(source)}${pascalCase(id)}Alarm`;
  if (!version) return logicalId;
  // It is known last, like the logical id of the version, which ends with a hash of the function.
  return Lazy.uncachedString({
    produce: (context) => logicalId + String(context.resolve(version.logicalId)).slice(-HASH_CHARACTERS),
  });
}

const HASH_CHARACTERS = 8;

/** The text of an alarm's mail: what happened, what to look at, what to do, and where to read on. */
export function describe({ id, severity, happened, look, act }: AlarmRow, docsUrl: string | undefined): string {
  const link =
    docsUrl === undefined ? `npm run ops -- runbook ${id}` : `${docsUrl.replace(/\/$/, '')}/runbook.md#${id}`;
  return `[${severity}] ${happened} Look: ${look} Do: ${act} Runbook: ${link}`;
}

function queryOf({ query, seconds }: AlarmRow, gateway: string): Partial<CfnAlarmProps> {
  if ('metric' in query) {
    const { name, namespace, statistic, dimensions } = query.metric;
    return { namespace, metricName: name, dimensions: list(dimensions), statistic, period: seconds };
  }
  if ('select' in query)
    return { metrics: [{ id: 'each', expression: insightsOf(query, gateway), period: seconds, returnData: true }] };
  const metrics = Object.entries(query.of).map(([id, ref]) => ({
    id,
    metricStat: statOf(ref, seconds),
    returnData: false,
  }));
  return { metrics: [{ id: 'result', expression: query.expression, returnData: true }, ...metrics] };
}

/** The query in the language of CloudWatch Metrics Insights. Names of others stand between quotation marks: some are words of it. */
function insightsOf(query: Extract<Query, { readonly select: string }>, gateway: string): string {
  const { select, name } = query;
  if ('from' in query) {
    const { namespace, dimensions, where } = query.from;
    const schema = [namespace, ...dimensions].map((word) => `"${word}"`).join(', ');
    const conditions = Object.entries(where).map(([dimension, value]) => `"${dimension}" = '${value}'`);
    return `SELECT ${select}(${name}) FROM SCHEMA(${schema}) WHERE ${conditions.join(' AND ')}`;
  }
  const { dimension, namespace } = METRIC;
  const { by, reason } = query;
  const more = [...(by === undefined ? [] : [by]), ...(reason === undefined ? [] : [dimension.reason])];
  const schema = [namespace, dimension.gateway, ...more].join(', ');
  return (
    `SELECT ${select}(${name}) FROM SCHEMA(${schema}) WHERE ${dimension.gateway} = '${gateway}'` +
    (reason === undefined ? '' : ` AND ${dimension.reason} = '${reason}'`) +
    (by === undefined ? '' : ` GROUP BY ${by}`)
  );
}

const statOf = ({ namespace, name: metricName, dimensions, statistic: stat }: MetricRef, period: number) => ({
  ...{ metric: { namespace, metricName, dimensions: list(dimensions) }, period, stat },
});

const list = (dimensions: MetricRef['dimensions']) =>
  Object.entries(dimensions).map(([name, value]) => ({ name, value }));
