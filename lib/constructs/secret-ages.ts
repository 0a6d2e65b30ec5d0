import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { Schedule, ScheduleExpression, ScheduleTargetInput } from 'aws-cdk-lib/aws-scheduler';
import { LambdaInvoke } from 'aws-cdk-lib/aws-scheduler-targets';
import type { Construct } from 'constructs';
import type { SourceConfig } from '../config/config.ts';
import { GatewayFunction } from './gateway-function.ts';
import type { GatewayFunctionProps } from './gateway-function.ts';
import { nameInTemplate, secretName } from './names.ts';
import { scheduleRole } from './schedule-role.ts';

export interface SecretAgesProps extends Pick<
  GatewayFunctionProps,
  'config' | 'key' | 'bundle' | 'features' | 'network'
> {
  /** The sources and targets whose secrets a person rotates. */
  readonly sources: readonly Pick<SourceConfig, 'name' | 'secretMaxAgeDays'>[];
}

/** An alarm looks back for three hours at most. */
const HOUR = Duration.hours(1);
const SECRET_ARN = { service: 'secretsmanager', resource: 'secret', arnFormat: ArnFormat.COLON_RESOURCE_NAME };
const TIMEOUT_SECONDS = 60;
const MEMORY_MB = 256;

/**
 * Measures every hour how old the secrets are that a person rotates. It may see when they were made, and no value. Which secrets they
 * are is in the schedule: a function's environment has no room for a hundred.
 */
export class SecretAges extends GatewayFunction {
  constructor(scope: Construct, id: string, { sources, ...props }: SecretAgesProps) {
    super(scope, id, {
      ...props,
      description: 'Measures the age of the signing secrets',
      entry: 'lambdas/secret-age/handler.ts',
      memoryMb: MEMORY_MB,
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: {},
    });
    // The secrets are in the stacks of their sources. Secrets Manager adds six characters to a secret's name.
    Grant.addToPrincipal({
      grantee: this,
      actions: ['secretsmanager:ListSecretVersionIds'],
      resourceArns: [Stack.of(this).formatArn({ ...SECRET_ARN, resourceName: secretName(props.config, '*') })],
    });
    const secrets = Object.fromEntries(
      sources.map(({ name, secretMaxAgeDays: maxAgeDays }) => [
        name,
        { name: secretName(props.config, name), maxAgeDays },
      ]),
    );
    const schedule = new Schedule(this, 'Schedule', {
      description: 'Measures the age of the signing secrets',
      schedule: ScheduleExpression.rate(HOUR),
      target: new LambdaInvoke(this, { role: scheduleRole(this), input: ScheduleTargetInput.fromObject({ secrets }) }),
    });
    nameInTemplate(schedule, `${id}Schedule`);
  }
}
