import { Duration, Stack } from 'aws-cdk-lib';
import { Stats, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import { METRIC } from '../../lambdas/contract.ts';
import type { SourceConfig } from '../config/config.ts';
import { stackName } from '../config/stack-names.ts';
import { addAlarm, sourceMetric } from './alarms/alarm.ts';
import { GatewayFunction } from './gateway-function.ts';
import type { GatewayFunctionProps } from './gateway-function.ts';
import { nameInTemplate, pascalCase } from './names.ts';
import type { SigningSecret } from './signing-secret.ts';
import type { SharedParts } from './shared-parts.ts';

/** A source whose secret a person rotates. */
export interface AgingSecret {
  readonly source: SourceConfig;
  readonly secret: SigningSecret;
}

export interface SecretAgesProps
  extends Pick<GatewayFunctionProps, 'config' | 'key' | 'bundle' | 'features'>, Pick<SharedParts, 'topics'> {
  readonly secrets: readonly AgingSecret[];
}

const DAY = Duration.days(1);
const TIMEOUT_SECONDS = 60;
const MEMORY_MB = 256;

/** Measures every day how old the secrets are that a person rotates. It may see when they were made, and no value. */
export class SecretAges extends GatewayFunction {
  constructor(scope: Construct, id: string, { secrets, ...props }: SecretAgesProps) {
    const arns = Object.fromEntries(secrets.map(({ source, secret }) => [source.name, secret.secretArn]));
    super(scope, id, {
      ...props,
      description: 'Measures the age of the signing secrets',
      entry: 'lambdas/secret-age/handler.ts',
      memoryMb: MEMORY_MB,
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: { agingSecrets: Stack.of(scope).toJsonString(arns) },
    });
    Grant.addToPrincipal({
      grantee: this,
      actions: ['secretsmanager:ListSecretVersionIds'],
      resourceArns: Object.values(arns),
    });
    const schedule = new Schedule(this, 'Schedule', {
      description: 'Measures the age of the signing secrets',
      schedule: ScheduleExpression.rate(DAY),
      target: new LambdaInvoke(this, {}),
    });
    nameInTemplate(schedule, `${id}Schedule`);
    for (const { source } of secrets) this.addAgeAlarm(stackName(props.config), source, props.topics);
    addAlarm(this, `${id}Errors`, props.topics, {
      metric: this.metricErrors({ period: Duration.hours(1) }),
      threshold: 1,
      severity: 'warning',
      summary: 'The age of the signing secrets could not be measured.',
      runbook: 'secret-age-unknown',
    });
  }

  private addAgeAlarm(gateway: string, { name, secretMaxAgeDays }: SourceConfig, topics: SharedParts['topics']): void {
    addAlarm(this, `${pascalCase(name)}SecretAge`, topics, {
      metric: sourceMetric(gateway, name, METRIC.secretAgeDays, { period: DAY, statistic: Stats.MAXIMUM }),
      threshold: secretMaxAgeDays,
      // A day that was not measured makes no secret young again.
      missingData: TreatMissingData.IGNORE,
      severity: 'warning',
      summary: `The signing secret of ${name} is ${secretMaxAgeDays} days old or older: it is time to rotate it.`,
      runbook: 'secret-age',
    });
  }
}
