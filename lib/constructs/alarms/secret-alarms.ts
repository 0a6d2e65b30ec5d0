import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { METRIC } from '../../../lambdas/contract.ts';
import { addAlarm, sourceMetric } from './alarm.ts';
import type { AlarmTopics } from './alarm.ts';
import { pascalCase } from '../names.ts';

/** The alarms of faults that a verifier finds with its secret. docs/runbook.md has a section for each. */
export function addSecretAlarms(scope: Construct, gateway: string, source: string, topics: AlarmTopics): void {
  const period = Duration.minutes(5);
  addAlarm(scope, `${pascalCase(source)}SecretReadFailed`, topics, {
    metric: sourceMetric(gateway, source, METRIC.secretReadFailed, { period }),
    threshold: 1,
    evaluationPeriods: 3,
    datapointsToAlarm: 2,
    severity: 'warning',
    summary: `The signing secret of ${source} cannot be read: running verifiers serve on from their cache, for a day at most.`,
    runbook: 'secret-read-failed',
  });
  addAlarm(scope, `${pascalCase(source)}SecretRefused`, topics, {
    metric: sourceMetric(gateway, source, METRIC.secretRefused, { period }),
    threshold: 1,
    severity: 'critical',
    summary: `A version of the signing secret of ${source} is empty or a placeholder: nothing is verified with it.`,
    runbook: 'secret-refused',
  });
}
