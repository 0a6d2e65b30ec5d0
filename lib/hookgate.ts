import { Stack, Token } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import { isTarget } from '../lambdas/core/target.ts';
import { bundle as esbuildBundle } from './bundle.ts';
import type { Bundler } from './bundle.ts';
import type { HookgateConfig } from './config/config.ts';
import { isSigned, lanesOf } from './config/lanes.ts';
import { rotationDays } from './config/provider-api.ts';
import { sourceStackName, stackName } from './config/stack-names.ts';
import { acknowledgeFindings } from './constructs/acknowledge.ts';
import { AlarmTopics } from './constructs/alarms/alarm-topics.ts';
import { GatewayDashboard } from './constructs/alarms/dashboard.ts';
import { letInProcessorsAlone } from './constructs/bus-policy.ts';
import { EncryptionKey } from './constructs/encryption-key.ts';
import { bodyDays, EventBucket } from './constructs/event-bucket.ts';
import { Alarms } from './constructs/alarms/alarms.ts';
import { AccessLogMetrics } from './constructs/alarms/access-log-metrics.ts';
import { gatewayAlarms } from './constructs/alarms/gateway-table.ts';
import { watchKeys } from './constructs/alarms/key-watch.ts';
import { GatewayBus } from './constructs/gateway-bus.ts';
import { IngressApi } from './constructs/ingress/ingress-api.ts';
import { Ledger } from './constructs/ledger.ts';
import { OperatorRecord } from './constructs/operator-record.ts';
import { refuseUnheardAlarms } from './constructs/said-at-synth.ts';
import { SecretAges } from './constructs/secret-ages.ts';
import type { SharedParts } from './constructs/shared-parts.ts';
import { RATE_RULE } from './constructs/ingress/rate-rules.ts';
import { refuseUndeployable } from './deployable.ts';
import { output, tag } from './hookgate-parts.ts';
import { applyTo, checkPlace, checkSurroundings, networkOf } from './surroundings.ts';
import type { Surroundings } from './surroundings.ts';
import { sampleTraces } from './constructs/trace-sampling.ts';
import { featuresOf } from './region.ts';
import type { RegionFeatures } from './region.ts';
import { SourceStack } from './source-stack.ts';
import type { SourceStackProps } from './source-stack.ts';

export interface HookgateProps extends Surroundings {
  /** The settings as `resolveConfig` checks them. */
  readonly config: HookgateConfig;
  /** Default: esbuild bundles the functions. */
  readonly bundle?: Bundler;
  /** Default: those of the stack's region, or of any commercial region if the stack names none. */
  readonly features?: RegionFeatures;
  /** Default: true. An app that is only looked at may have alarms that nobody hears: `npm start` and `npm run cost` need no address. */
  readonly isDeployed?: boolean;
}

/**
 * The gateway, for any stack: the construct puts what all sources share into that stack, and each source into a stack of its own
 * beside it, so that adding a source changes nothing of another. Each stack can hold one gateway, because the logical ids of what
 * holds data do not depend on the place in the tree.
 */
export class Hookgate extends Construct {
  /**
   * The stacks of the sources, by the sources' names. They are beside the gateway's own, so an aspect of that stack does not reach
   * them: add it to each, or to the app.
   */
  readonly sources: ReadonlyMap<string, SourceStack>;

  constructor(
    scope: Construct,
    id: string,
    { config, bundle = esbuildBundle, isDeployed = true, ...props }: HookgateProps,
  ) {
    checkPlace(scope);
    checkSurroundings(props, config, Stack.of(scope).stackName);
    super(scope, id);
    const stack = Stack.of(this);
    const region = Token.isUnresolved(stack.region) ? undefined : stack.region;
    if (isDeployed) refuseUndeployable(config, region);
    const features = props.features ?? featuresOf(region);
    const { production, retention } = config;
    const gateway = stackName(config);

    const key = props.encryptionKey ?? new EncryptionKey(this, 'EncryptionKey', { gateway, production });
    const ledger = new Ledger(this, 'Ledger', { key, production });
    // Not the gateway's key: its failure is what the queue and the alarms are for.
    const deadLettersKey = new EncryptionKey(this, 'EventBusDeadLettersKey', { gateway, production });
    const ownBus = props.eventBus
      ? undefined
      : new GatewayBus(this, 'EventBus', {
          ...{ gateway, key, production, features, retentionDays: retention.queueDays, deadLettersKey },
        });
    if (ownBus) letInProcessorsAlone(ownBus, 'EventBusPolicy', config);
    const bus = props.eventBus ?? ownBus;
    if (!bus) throw new Error('there is no bus');
    const archive = new EventBucket(this, 'Archive', { key, production, retentionDays: config.archive.retentionDays });
    const bodies = new EventBucket(this, 'Bodies', { key, production, retentionDays: bodyDays(config) });
    const record = new OperatorRecord(this, 'Record', config);
    const api = new IngressApi(this, 'Api', { config, key, features, zone: props.hostedZone });
    for (const source of config.sources) api.addRoute(source);
    const topics = new AlarmTopics(this, 'AlarmTopics', {
      ...{ config, key: deadLettersKey, otherKey: record.key, existing: props.alarmTopics },
    });
    if (isDeployed && !props.alarmTopics?.critical) refuseUnheardAlarms(this, config);
    watchKeys(this, 'KeysWatched', [key, record.key], topics.critical);
    watchKeys(this, 'AlarmKeyWatched', [deadLettersKey], topics.ofKey);
    const network = networkOf(this, props);
    const shared = { config, key, ledger, archive, bodies, bus, bundle, features, topics, network };
    const aging = lanesOf(config.sources).filter((lane) =>
      isTarget(lane.name) ? isSigned(lane.name, config.sources) : rotationDays(lane) === undefined,
    );
    const ages = aging.length > 0 ? new SecretAges(this, 'SecretAges', { ...shared, sources: aging }) : undefined;
    new AccessLogMetrics(this, 'AccessLogMetrics', api.accessLogs);
    const rows = gatewayAlarms(config, {
      ...{ gateway, rateRule: RATE_RULE },
      ...(ownBus && { busDeadLetters: ownBus.deadLetters.queueName }),
      ...(ages && { secretAges: ages.functionName }),
    });
    new Alarms(this, 'Alarms', { rows, gateway, topics, docsUrl: config.docsUrl });
    new GatewayDashboard(this, 'Dashboard', { gateway, api });

    sampleTraces(this, 'TraceSampling', gateway, config.stage);
    tag(this, gateway, features);
    output(this, 'LedgerTable', ledger.tableName, 'Name of the ledger');
    output(this, 'ArchiveBucket', archive.bucketName, 'Name of the bucket of the archive');
    output(this, 'BodyBucket', bodies.bucketName, 'Name of the bucket of large bodies');
    output(this, 'RecordBucket', record.bucketName, 'Name of the bucket of what operators did');
    output(this, 'EventBusName', bus.eventBusName, 'Name of the bus that events are published to');
    output(this, 'CriticalAlarmsArn', topics.critical.topicArn, 'ARN of the topic of alarms for any hour');
    output(this, 'WarningAlarmsArn', topics.warning.topicArn, 'ARN of the topic of alarms for the next working day');
    acknowledgeFindings(this, { secrets: `${config.name}/${config.stage}` });
    this.sources = this.addSources(shared, api, this.exportAll(shared, api));
    for (const each of [this, ...this.sources.values()]) applyTo(each, props, features);
  }

  /**
   * Exports all that a source may use, whether or not one does: an export that went with the last source that used it could not be
   * removed before that source's own stack is changed, which comes after this one. Returns how the ARNs of the buckets are exported.
   */
  private exportAll({ key, ledger, archive, bodies, bus, topics }: SharedParts, api: IngressApi) {
    const stack = Stack.of(this);
    const nameOf = (value: string): string =>
      (stack.resolve(stack.exportValue(value)) as { readonly 'Fn::ImportValue': string })['Fn::ImportValue'];
    // A part that a customer has made is exported by its own stack, if a source uses it.
    const ifOwn = (part: IConstruct, ...values: string[]): string[] => (part.node.scopes.includes(this) ? values : []);
    for (const value of [
      ...ifOwn(key, key.keyArn),
      ...[ledger.tableName, ledger.tableArn],
      ...ifOwn(bus, bus.eventBusName, bus.eventBusArn),
      ...[api.id, archive.bucketName, bodies.bucketName],
      ...ifOwn(topics.critical, topics.critical.topicArn),
      ...ifOwn(topics.warning, topics.warning.topicArn),
    ])
      stack.exportValue(value);
    return { archive: nameOf(archive.bucketArn), bodies: nameOf(bodies.bucketArn) };
  }

  private addSources(
    shared: SharedParts,
    api: IngressApi,
    exportNames: SourceStackProps['exportNames'],
  ): ReadonlyMap<string, SourceStack> {
    const own = Stack.of(this);
    const { account, region } = own;
    const env = {
      ...(!Token.isUnresolved(account) && { account }),
      ...(!Token.isUnresolved(region) && { region }),
    };
    // Beside this stack, not in it: a stack of the app or of its stage.
    const { scope: parent } = own.node;
    const beside = Construct.isConstruct(parent) ? parent : this;
    return new Map(
      shared.config.sources.map((source) => {
        const props = {
          ...{ ...shared, source, url: api.urlOf(source.name), apiId: api.id, exportNames },
          stackName: sourceStackName(own.stackName, source.name),
          env,
        };
        // eslint-disable-next-line @typescript-eslint/no-unsafe-class-instance-assignment -- isConstruct has just said that it is one
        return [source.name, new SourceStack(beside, sourceStackName(own.node.id, source.name), props)];
      }),
    );
  }
}
