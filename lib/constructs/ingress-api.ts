import {
  CfnRestApi,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { webhookPath } from '../../lambdas/contract.ts';
import type { HookgateConfig } from '../config/config.ts';
import { accessLogFormat } from './access-log-format.ts';
import { allowListPolicy } from './allow-list-policy.ts';
import type { EncryptionKey } from './encryption-key.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import { Logs } from './logs.ts';
import { nameInTemplate } from './names.ts';

export interface IngressApiProps {
  readonly config: HookgateConfig;
  readonly key: EncryptionKey;
}

/** The REST API that deliveries come in by: one route a source, and the body's bytes as they were sent. */
export class IngressApi extends Construct {
  private readonly api: RestApi;

  constructor(scope: Construct, id: string, { config, key }: IngressApiProps) {
    super(scope, id);
    const policy = allowListPolicy(config.sources);
    this.api = new RestApi(this, 'Api', {
      restApiName: `${config.name}-${config.stage}`,
      description: 'Webhook gateway: deliveries from providers',
      endpointConfiguration: { types: [EndpointType.REGIONAL] },
      // Every body is binary: it reaches the function in base64, and no byte of it is touched.
      binaryMediaTypes: ['*/*'],
      // An account that never logged from API Gateway has no role for it yet; it is the account's, so it stays.
      cloudWatchRole: true,
      deployOptions: {
        stageName: config.stage,
        throttlingRateLimit: config.throttle.requestsPerSecond,
        throttlingBurstLimit: config.throttle.burst,
        accessLogDestination: new LogGroupLogDestination(new Logs(this, `${id}AccessLogs`, { config, key })),
        accessLogFormat,
      },
      ...(policy && { policy }),
    });
    this.requireTls12();
    addGatewayResponses(this.api);
    nameInTemplate(this.api, id);
    // Sources have outputs of their own.
    this.api.node.tryRemoveChild('Endpoint');
  }

  /** Leads a source's route to its verifier: every method, for the verifier says which its provider may use. */
  addRoute(source: string, verifier: IFunction): void {
    const integration = new LambdaIntegration(verifier, { allowTestInvoke: false });
    this.api.root.resourceForPath(webhookPath(source)).addMethod('ANY', integration);
  }

  /** The URL to register with the source's provider. */
  urlOf(source: string): string {
    return this.api.urlForPath(webhookPath(source));
  }

  /** TLS 1.2 at least, TLS 1.3 offered, and the name in the handshake must be that of the request. */
  private requireTls12(): void {
    const { defaultChild } = this.api.node;
    if (!(defaultChild instanceof CfnRestApi)) throw new Error('the REST API has no resource');
    defaultChild.securityPolicy = 'SecurityPolicy_TLS13_1_2_PQ_2025_09';
    defaultChild.endpointAccessMode = 'STRICT';
  }
}
