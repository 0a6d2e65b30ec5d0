import { Stack } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { CfnRotationSchedule } from 'aws-cdk-lib/aws-secretsmanager';
import type { Construct } from 'constructs';
import type { SourceConfig } from '../config/config.ts';
import type { ApiCredentials } from './api-credentials.ts';
import { GatewayFunction, sourceSettings } from './gateway-function.ts';
import { nameInTemplate } from './names.ts';
import type { SigningSecret } from './signing-secret.ts';
import type { SharedParts } from './shared-parts.ts';

export interface RotatorProps extends SharedParts {
  readonly source: SourceConfig;
  readonly secret: SigningSecret;
  readonly credentials: ApiCredentials;
  /** Days between two rotations. */
  readonly everyDays: number;
}

/** Seconds for one step: a token and two calls of the provider's API, each within its own bounds. */
const TIMEOUT_SECONDS = 60;
const MEMORY_MB = 256;

/**
 * Rotates the signing secret of one source with no person involved: Secrets Manager calls it, on the schedule, for each of the
 * four steps. It may change that secret, and no other.
 */
export class Rotator extends GatewayFunction {
  constructor(scope: Construct, id: string, props: RotatorProps) {
    const { source, secret, credentials, everyDays } = props;
    const { title } = source.provider;
    super(scope, id, {
      ...props,
      description: `Rotates the signing secret of ${source.name} at ${title}`,
      entry: 'lambdas/rotator/handler.ts',
      provider: source.providerFile,
      memoryMb: MEMORY_MB,
      timeoutSeconds: TIMEOUT_SECONDS,
      environment: {
        ...sourceSettings(source),
        secretArn: secret.secretArn,
        credentialsArn: credentials.secretArn,
      },
    });
    secret.grantRotate(this);
    credentials.grantRead(this);
    this.addPermission('SecretsManager', {
      principal: new ServicePrincipal('secretsmanager.amazonaws.com'),
      sourceArn: secret.secretArn,
      sourceAccount: Stack.of(this).account,
    });
    const schedule = new CfnRotationSchedule(this, 'Schedule', {
      secretId: secret.secretArn,
      rotationLambdaArn: this.functionArn,
      rotationRules: { automaticallyAfterDays: everyDays },
      // At the first deployment the provider's API has no credentials yet.
      rotateImmediatelyOnUpdate: false,
    });
    schedule.node.addDependency(this);
    nameInTemplate(schedule, `${id}Schedule`);
  }
}
