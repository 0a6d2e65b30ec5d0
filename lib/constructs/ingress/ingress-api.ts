import { ArnFormat, Stack } from 'aws-cdk-lib';
import {
  CfnRestApi,
  EndpointType,
  LambdaIntegration,
  LogGroupLogDestination,
  RestApi,
} from 'aws-cdk-lib/aws-apigateway';
import type { Metric, MetricOptions } from 'aws-cdk-lib/aws-cloudwatch';
import { PolicyDocument } from 'aws-cdk-lib/aws-iam';
import { Function } from 'aws-cdk-lib/aws-lambda';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { IHostedZone } from 'aws-cdk-lib/aws-route53';
import { Construct } from 'constructs';
import { webhookPath } from '../../../lambdas/contract.ts';
import { allowListPolicy } from '../../config/allow-list.ts';
import { sourceUrl } from '../../config/config.ts';
import type { HookgateConfig, SourceConfig } from '../../config/config.ts';
import { ALIAS, stackName, verifierName } from '../../config/stack-names.ts';
import type { RegionFeatures } from '../../region.ts';
import { accessLogFormat } from './access-log-format.ts';
import { CustomDomain, tlsPolicy } from './custom-domain.ts';
import type { TlsPolicy } from './custom-domain.ts';
import { Firewall } from './firewall.ts';
import { addGatewayResponses } from './gateway-responses.ts';
import { Logs } from '../logs.ts';
import { nameInTemplate } from '../names.ts';

export interface IngressApiProps {
  readonly config: HookgateConfig;
  readonly key: IKey;
  readonly features: RegionFeatures;
  /** The zone for the domain's records. Default: that of the configuration, or else none. */
  readonly zone?: IHostedZone | undefined;
}

/** The REST API that deliveries come in by: one route a source, and the body's bytes as they were sent. */
export class IngressApi extends Construct {
  readonly accessLogs: Logs;
  private readonly api: RestApi;
  private readonly domain: HookgateConfig['domain'];
  private readonly gateway: string;
  private readonly stage: string;

  constructor(scope: Construct, id: string, { config, key, features, zone }: IngressApiProps) {
    super(scope, id);
    this.domain = config.domain;
    this.gateway = stackName(config);
    this.stage = config.stage;
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
      // An account that never logged from API Gateway has no role for it yet. The role is the account's, so it stays.
      cloudWatchRole: config.apiGatewayAccountRole === 'create',
      deployOptions: {
        stageName: config.stage,
        tracingEnabled: true,
        throttlingRateLimit: config.throttle.requestsPerSecond,
        throttlingBurstLimit: config.throttle.burst,
        accessLogDestination: new LogGroupLogDestination(this.accessLogs),
        accessLogFormat: accessLogFormat(stackName(config)),
      },
      ...(policy && { policy: PolicyDocument.fromJson(policy) }),
    });
    this.requireTls(tlsPolicy(config.domain, features));
    addGatewayResponses(this.api);
    nameInTemplate(this.api, id);
    const { stageArn } = this.api.deploymentStage;
    if (config.waf.enabled) new Firewall(this, 'Firewall', { config, key, stageArn });
    if (config.domain) new CustomDomain(this, 'Domain', { domain: config.domain, api: this.api, features, zone });
    // Sources have outputs of their own.
    this.api.node.tryRemoveChild('Endpoint');
  }

  /** The API's id, by which a verifier lets it in. */
  get id(): string {
    return this.api.restApiId;
  }

  /**
   * Leads a source's route to its verifier, by the methods that its provider uses. A request by any other is answered by API
   * Gateway: it costs no invocation, and takes nothing of the throttle of the source's deliveries, which each method has to itself.
   * The verifier is known by its name, because it is in the stack of its source, which knows the API and not the other way round.
   */
  addRoute({ name, provider, gradual }: Pick<SourceConfig, 'name' | 'provider' | 'gradual'>): void {
    const called = verifierName(this.gateway, name) + (gradual?.deliveries ? `:${ALIAS}` : '');
    const functionArn = Stack.of(this).formatArn({
      ...{ service: 'lambda', resource: 'function', resourceName: called },
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    const verifier = Function.fromFunctionAttributes(this, `Verifier-${name}`, { functionArn, skipPermissions: true });
    const integration = new LambdaIntegration(verifier, { allowTestInvoke: false });
    const route = this.api.root.resourceForPath(webhookPath(name));
    for (const method of provider.methods) route.addMethod(method, integration);
  }

  /** The URL to register with the source's provider. */
  urlOf(source: string): string {
    if (this.domain) return sourceUrl(this.domain.name, source);
    const { region, urlSuffix } = Stack.of(this);
    return `https://${this.id}.execute-api.${region}.${urlSuffix}/${this.stage}${webhookPath(source)}`;
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
  private requireTls(policy: TlsPolicy): void {
    const { defaultChild } = this.api.node;
    if (!(defaultChild instanceof CfnRestApi)) throw new Error('the REST API has no resource');
    Object.assign(defaultChild, policy);
  }
}
