import { CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Bundler } from './bundle.ts';
import type { HookgateConfig, SourceConfig } from './config/config.ts';
import { rotationDays } from './config/provider-api.ts';
import { stackName } from './config/stack-names.ts';
import { acknowledgeFindings } from './constructs/acknowledged-findings.ts';
import { AlarmTopics } from './constructs/alarms/alarm-topics.ts';
import { GatewayDashboard } from './constructs/alarms/dashboard.ts';
import { letInProcessorsAlone } from './constructs/bus-policy.ts';
import { EncryptionKey } from './constructs/encryption-key.ts';
import { bodyDays, EventBucket } from './constructs/event-bucket.ts';
import { GatewayAlarms } from './constructs/alarms/gateway-alarms.ts';
import { GatewayBus } from './constructs/gateway-bus.ts';
import { OperatorRecord } from './constructs/operator-record.ts';
import { IngressApi } from './constructs/ingress/ingress-api.ts';
import { Ledger } from './constructs/ledger.ts';
import { pascalCase } from './constructs/names.ts';
import { SecretAges } from './constructs/secret-ages.ts';
import { SourceAlarms } from './constructs/alarms/source-alarms.ts';
import { SourcePipeline } from './constructs/source-pipeline.ts';
import type { SharedParts } from './constructs/shared-parts.ts';
import { RefusalAlarms } from './constructs/alarms/refusal-alarms.ts';
import type { RegionFeatures } from './region.ts';

export interface HookgateStackProps {
  readonly config: HookgateConfig;
  readonly bundle: Bundler;
  readonly features: RegionFeatures;
}

/** The gateway: what all sources share, and a pipeline and a route for each. */
export class HookgateStack extends Stack {
  constructor(scope: Construct, id: string, { config, bundle, features }: HookgateStackProps) {
    super(scope, id, { description: 'Hookgate: a webhook gateway', terminationProtection: config.production });
    const { production, retention } = config;
    const gateway = stackName(config);

    const key = new EncryptionKey(this, 'EncryptionKey', { gateway, production });
    const ledger = new Ledger(this, 'Ledger', { key, production });
    const bus = new GatewayBus(this, 'EventBus', {
      ...{ gateway, key, production, features, retentionDays: retention.queueDays },
    });
    letInProcessorsAlone(bus, 'EventBusPolicy', config);
    const archive = new EventBucket(this, 'Archive', { key, production, retentionDays: config.archive.retentionDays });
    const bodies = new EventBucket(this, 'Bodies', { key, production, retentionDays: bodyDays(config) });
    const record = new OperatorRecord(this, 'Record', config);
    const api = new IngressApi(this, 'Api', { config, key, features });

    const topics = new AlarmTopics(this, 'AlarmTopics', { config, key });
    const shared = { config, key, ledger, archive, bodies, bus, bundle, features, topics };
    const pipelines = config.sources.map((source) => ({ source, pipeline: this.addSource(source, shared, api) }));
    const secrets = pipelines
      .filter(({ source }) => rotationDays(source) === undefined)
      .map(({ source, pipeline: { secret } }) => ({ source, secret }));
    if (secrets.length > 0) new SecretAges(this, 'SecretAges', { ...shared, secrets });
    new GatewayAlarms(this, 'GatewayAlarms', { config, api, bus, topics });
    new RefusalAlarms(this, 'RefusalAlarms', { config, accessLogs: api.accessLogs, topics });
    new GatewayDashboard(this, 'Dashboard', { gateway, api, pipelines });

    // Tags on dashboards are so new that cfn-lint does not know them yet.
    const untagged = features.taggedMappings ? [] : ['AWS::Lambda::EventSourceMapping'];
    Tags.of(this).add('hookgate:gateway', gateway, {
      excludeResourceTypes: ['AWS::CloudWatch::Dashboard', ...untagged],
    });
    this.output('LedgerTable', ledger.tableName, 'Name of the ledger');
    this.output('ArchiveBucket', archive.bucketName, 'Name of the bucket of the archive');
    this.output('BodyBucket', bodies.bucketName, 'Name of the bucket of large bodies');
    this.output('RecordBucket', record.bucketName, 'Name of the bucket of what operators did');
    this.output('EventBusName', bus.eventBusName, 'Name of the bus that events are published to');
    this.output('CriticalAlarmsArn', topics.critical.topicArn, 'ARN of the topic of alarms for any hour');
    this.output('WarningAlarmsArn', topics.warning.topicArn, 'ARN of the topic of alarms for the next working day');
    acknowledgeFindings(
      this,
      config.sources.map(({ name }) => name),
    );
  }

  private addSource(source: SourceConfig, shared: SharedParts, api: IngressApi): SourcePipeline {
    const pipeline = new SourcePipeline(this, source.name, { ...shared, source });
    new SourceAlarms(pipeline, 'Alarms', { ...shared, source, pipeline });
    api.addRoute(source, pipeline.verifier);
    const prefix = pascalCase(source.name);
    const { title } = source.provider;
    this.output(`${prefix}Url`, api.urlOf(source.name), `URL to register with ${title}`);
    if (pipeline.credentials) {
      const description = `Name of the secret with which ${source.name} calls the API of ${title}`;
      this.output(`${prefix}CredentialsName`, pipeline.credentials.secretName, description);
    }
    this.output(`${prefix}SecretName`, pipeline.secret.secretName, `Name of the signing secret of ${source.name}`);
    return pipeline;
  }

  private output(name: string, value: string, description: string): void {
    new CfnOutput(this, `Output${name}`, { value, description }).overrideLogicalId(name);
  }
}
