import { CrossStackReferences, ReferenceStrength, Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { SourceConfig } from './config/config.ts';
import { stackName } from './config/stack-names.ts';
import { acknowledgeFindings } from './constructs/acknowledge.ts';
import { Alarms } from './constructs/alarms/alarms.ts';
import { sourceAlarms, targetAlarms } from './constructs/alarms/source-table.ts';
import { pascalCase } from './constructs/names.ts';
import type { SharedParts } from './constructs/shared-parts.ts';
import { SourcePipeline } from './constructs/source-pipeline.ts';
import { targetTimeoutSeconds } from './constructs/target-processor.ts';
import { laneOf } from './config/lanes.ts';
import { output, tag } from './hookgate-parts.ts';

export interface SourceStackProps extends SharedParts, Pick<StackProps, 'stackName' | 'env'> {
  readonly source: SourceConfig;
  /** The URL to register with the provider. */
  readonly url: string;
  /** The id of the API that leads deliveries here. */
  readonly apiId: string;
  /** How the ARNs of the buckets are exported. */
  readonly exportNames: Readonly<Record<'archive' | 'bodies', string>>;
}

type TargetScope = Pick<SourceStackProps, 'config' | 'source' | 'topics'>;

/** All that one source has to itself. Its outputs say where to send, and where to store the secret. */
export class SourceStack extends Stack {
  constructor(scope: Construct, id: string, { stackName: name, env, exportNames, ...props }: SourceStackProps) {
    const { config, source, features, url } = props;
    super(scope, id, {
      description: `Hookgate: the source ${source.name} of ${stackName(config)}`,
      terminationProtection: config.production,
      ...(name !== undefined && { stackName: name }),
      ...(env && { env }),
    });
    // By exports, whatever the app's default is: CloudFormation then refuses to take away what a source uses.
    CrossStackReferences.of(this).consume(ReferenceStrength.STRONG);
    const pipeline = new SourcePipeline(this, source.name, props);
    const { queue, deadLetters, quarantine } = pipeline;
    const rows = sourceAlarms(config, source, {
      ...{ queue: queue.queueName, deadLetters: deadLetters.queueName, quarantine: quarantine.queueName },
    });
    const gateway = stackName(config);
    const { topics } = props;
    for (const target of pipeline.targets) this.addTarget(props, target);
    new Alarms(pipeline, 'Alarms', { rows, gateway, source: source.name, topics, docsUrl: config.docsUrl });

    const prefix = pascalCase(source.name);
    const { title } = source.provider;
    output(this, `${prefix}Url`, url, `URL to register with ${title}`);
    if (pipeline.credentials) {
      const description = `Name of the secret with which ${source.name} calls the API of ${title}`;
      output(this, `${prefix}CredentialsName`, pipeline.credentials.secretName, description);
    }
    output(this, `${prefix}SecretName`, pipeline.secret.secretName, `Name of the signing secret of ${source.name}`);
    tag(this, stackName(config), features);
    for (const name of [source.name, ...pipeline.targets.map((target) => target.name)])
      acknowledgeFindings(this, { source: name, ...exportNames });
  }

  /** The alarms and the outputs of a target. */
  private addTarget({ config, source, topics }: TargetScope, target: SourcePipeline['targets'][number]): void {
    const { name, parts } = target;
    const lane = laneOf(source, target);
    const queues = { queue: parts.queue.queueName, deadLetters: parts.deadLetters.queueName };
    const rows = targetAlarms(config, lane, queues, targetTimeoutSeconds(target));
    new Alarms(parts, 'Alarms', { rows, gateway: stackName(config), source: name, topics, docsUrl: config.docsUrl });
    if (!parts.secret) return;
    const description = `Name of the secret that signs what goes to ${name}`;
    output(this, `${pascalCase(name)}SecretName`, parts.secret.secretName, description);
  }
}
