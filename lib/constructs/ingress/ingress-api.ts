import {
  CfnRestApi,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import { webhookPath } from '../../../lambdas/contract.ts';
import { sourceUrl } from '../../config/config.ts';
import type { HookgateConfig } from '../../config/config.ts';
import { stackName } from '../../config/stack-names.ts';
import { accessLogFormat } from './access-log-format.ts';
import { allowListPolicy } from './allow-list-policy.ts';
import { CustomDomain, tlsPolicy } from './custom-domain.ts';
import type { EncryptionKey } from '../encryption-key.ts';
import { Firewall } from './firewall.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import { Logs } from '../logs.ts';
import { nameInTemplate } from '../names.ts';

export interface IngressApiProps {
  readonly config: HookgateConfig;
  readonly key: EncryptionKey;
}

/** The REST API that deliveries come in by: one route a source, and the body's bytes as they were sent. */
export class IngressApi extends Construct {
  readonly accessLogs: Logs;
  private readonly api: RestApi;
  private readonly domain: HookgateConfig['domain'];

  constructor(scope: Construct, id: string, { config, key }: IngressApiProps) {
    super(scope, id);
    this.domain = config.domain;
    this.accessLogs = new Logs(this, `${id}AccessLogs`, { config, key });
    const policy = allowListPolicy(config.sources);
    this.api = new RestApi(this, 'Api', {
      restApiName: stackName(config),
      description: 'Webhook gateway: deliveries from providers',
      endpointConfiguration: { types: [EndpointType.REGIONAL] },
      // Every body is binary: it reaches the function in base64, and no byte of it is touched.
      binaryMediaTypes: ['*/*'],
      // Whoever knew the other address would go round mutual TLS.
      disableExecuteApiEndpoint: config.domain !== undefined,
      // An account that never logged from API Gateway has no role for it yet; it is the account's, so it stays.
      cloudWatchRole: true,
      deployOptions: {
        stageName: config.stage,
        tracingEnabled: true,
        throttlingRateLimit: config.throttle.requestsPerSecond,
        throttlingBurstLimit: config.throttle.burst,
        accessLogDestination: new LogGroupLogDestination(this.accessLogs),
        accessLogFormat,
      },
      ...(policy && { policy }),
    });
    this.requireTls12();
    addGatewayResponses(this.api);
    nameInTemplate(this.api, id);
    const { stageArn } = this.api.deploymentStage;
    if (config.waf.enabled) new Firewall(this, 'Firewall', { config, key, stageArn });
    if (config.domain) new CustomDomain(this, 'Domain', { domain: config.domain, api: this.api });
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
    return this.domain ? sourceUrl(this.domain.name, source) : this.api.urlForPath(webhookPath(source));
  }

  metricRequests(options: MetricOptions): Metric {
    return this.api.deploymentStage.metricCount(options);
  }

  metricClientErrors(options: MetricOptions): Metric {
    return this.api.deploymentStage.metricClientError(options);
  }

  metricServerErrors(options: MetricOptions): Metric {
    return this.api.deploymentStage.metricServerError(options);
  }

  /** CDK's construct has no property for it. */
  private requireTls12(): void {
    const { defaultChild } = this.api.node;
    if (!(defaultChild instanceof CfnRestApi)) throw new Error('the REST API has no resource');
    Object.assign(defaultChild, tlsPolicy(this.domain));
  }
}
