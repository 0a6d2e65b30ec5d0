import { CfnOutput, Stack, Tags } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import type { Construct } from 'constructs';
import type { Bundler } from './bundle.ts';
import type { HookgateConfig, SourceConfig } from './config/config.ts';
import { EncryptionKey } from './constructs/encryption-key.ts';
import { EventQueue } from './constructs/event-queue.ts';
import { IngressApi } from './constructs/ingress-api.ts';
import { Ledger } from './constructs/ledger.ts';
import { nameInTemplate, pascalCase } from './constructs/names.ts';
import { SourcePipeline } from './constructs/source-pipeline.ts';
import type { SharedParts } from './constructs/source-pipeline.ts';

export interface HookgateStackProps {
  readonly config: HookgateConfig;
  readonly bundle: Bundler;
}

/** The gateway: what all sources share, and a pipeline and a route for each. */
export class HookgateStack extends Stack {
  constructor(scope: Construct, id: string, { config, bundle }: HookgateStackProps) {
    super(scope, id, { description: 'Hookgate: a webhook gateway', terminationProtection: config.production });
    const { production, retention } = config;
    const gateway = `${config.name}-${config.stage}`;

    const key = new EncryptionKey(this, 'EncryptionKey', { gateway, production });
    const ledger = new Ledger(this, 'Ledger', { key, production });
    const quarantine = new EventQueue(this, 'Quarantine', { key, production, retentionDays: retention.queueDays });
    const bus = new EventBus(this, 'EventBus', { eventBusName: gateway, kmsKey: key });
    nameInTemplate(bus, 'EventBus');
    const api = new IngressApi(this, 'Api', { config, key });

    const shared = { config, key, ledger, quarantine, bus, bundle };
    for (const source of config.sources) this.addSource(source, shared, api);

    Tags.of(this).add('hookgate:gateway', gateway);
    this.output('LedgerTable', ledger.tableName, 'Name of the ledger');
    this.output('EventBusName', bus.eventBusName, 'Name of the bus that events are published to');
    this.output('QuarantineAddress', quarantine.queueUrl, 'URL of the quarantine queue');
  }

  private addSource(source: SourceConfig, shared: SharedParts, api: IngressApi): void {
    const pipeline = new SourcePipeline(this, source.name, { ...shared, source });
    api.addRoute(source.name, pipeline.verifier);
    const prefix = pascalCase(source.name);
    const { title } = source.provider;
    this.output(`${prefix}Url`, api.urlOf(source.name), `URL to register with ${title}`);
    this.output(`${prefix}SecretName`, pipeline.secret.secretName, `Name of the signing secret of ${source.name}`);
  }

  private output(name: string, value: string, description: string): void {
    new CfnOutput(this, `Output${name}`, { value, description }).overrideLogicalId(name);
  }
}
