import { Stack } from 'aws-cdk-lib';
import { CfnPermission } from 'aws-cdk-lib/aws-lambda';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { bodyPrefix } from '../../lambdas/core/large-body.ts';
import { webhookPath } from '../../lambdas/contract.ts';
import type { SourceConfig } from '../config/config.ts';
import { stackName, verifierName } from '../config/stack-names.ts';
import type { EventQueue } from './event-queue.ts';
import type { Gradual } from './gradual.ts';
import { GatewayFunction, sourceSettings } from './gateway-function.ts';
import type { SigningSecret } from './signing-secret.ts';
import type { SharedParts } from './shared-parts.ts';

export interface VerifierProps extends SharedParts {
  readonly source: SourceConfig;
  readonly secret: SigningSecret;
  readonly queue: EventQueue;
  readonly quarantine: EventQueue;
  /** The id of the API that leads deliveries here. */
  readonly apiId: string;
  /** Absent if new versions come into force at once. */
  readonly gradual?: Gradual | undefined;
}

/** Seconds in which a delivery is answered, or fails: below the shortest deadline of a provider, Osigu's 10 s. */
const TIMEOUT_SECONDS = 9;
/** Memory buys processor time, and a cold start is mostly that. */
const MEMORY_MB = 1024;

/** Answers the deliveries of one source: it may read that source's secret, and no other. */
export class Verifier extends GatewayFunction {
  constructor(scope: Construct, id: string, props: VerifierProps) {
    const { config, source, secret, queue, quarantine, ledger, bodies, apiId } = props;
    super(scope, id, {
      ...props,
      functionName: verifierName(stackName(config), source.name),
      description: `Verifies, claims and queues the deliveries of ${source.name}`,
      entry: 'lambdas/verifier/handler.ts',
      provider: source.providerFile,
      memoryMb: MEMORY_MB,
      timeoutSeconds: TIMEOUT_SECONDS,
      reservedConcurrency: config.verifier.reservedConcurrency,
      environment: {
        ...sourceSettings(source),
        secretArn: secret.secretArn,
        previousGraceSeconds: source.previousGraceHours * 3600,
        ledgerTable: ledger.tableName,
        queueUrl: queue.queueUrl,
        quarantineUrl: quarantine.queueUrl,
        bodyBucket: bodies.bucketName,
      },
    });
    secret.grantRead(this);
    ledger.grantClaim(this, source);
    queue.grantSend(this);
    quarantine.grantSend(this);
    bodies.grantStore(this, bodyPrefix(source.name));
    this.letIn(apiId, config.stage, source);
    // Either way by which the API may call it: a deployment changes the routes before it changes this stack.
    const alias = props.gradual?.release(this, { name: source.name, part: 'verifier' });
    if (alias) this.letIn(apiId, config.stage, source, alias);
  }

  /** Lets the API invoke the function for the source's own route, by each method that it has. */
  private letIn(apiId: string, stage: string, { name, provider }: SourceConfig, alias?: IFunction): void {
    const { partition, region, account } = Stack.of(this);
    for (const method of provider.methods)
      new CfnPermission(this, `${alias ? 'Alias' : ''}ApiPermission${method}`, {
        action: 'lambda:InvokeFunction',
        functionName: (alias ?? this).functionArn,
        principal: 'apigateway.amazonaws.com',
        sourceArn: `arn:${partition}:execute-api:${region}:${account}:${apiId}/${stage}/${method}${webhookPath(name)}`,
      });
  }
}
