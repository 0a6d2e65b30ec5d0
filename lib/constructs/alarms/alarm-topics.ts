import { Stack } from 'aws-cdk-lib';
import { PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { Key } from 'aws-cdk-lib/aws-kms';
import { Topic } from 'aws-cdk-lib/aws-sns';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import type { HookgateConfig } from '../../config/config.ts';
import { allowAlarms } from '../encryption-key.ts';
import { nameInTemplate } from '../names.ts';
import type { Severity } from './row.ts';

export interface AlarmTopicsProps {
  readonly config: HookgateConfig;
  /** A key that does not encrypt what the alarms are about. */
  readonly key: Key;
  /** Another key, whose own failure is told through a topic under `key`. */
  readonly otherKey: Key;
  /** Topics of the customer's own, by severity; their policies are the customer's too. Default: one is made. */
  readonly existing?: Readonly<Partial<Record<Severity, ITopic>>> | undefined;
}

/**
 * Where alarms go: one encrypted topic per severity, with the e-mail addresses of the configuration. Their key is not the gateway's,
 * whose failure they must report; their own key's failure is told through a topic under another one.
 */
export class AlarmTopics extends Construct implements Readonly<Record<Severity, ITopic>> {
  readonly critical: ITopic;
  readonly warning: ITopic;
  /** The topic that is told of the failure of the topics' own key; the critical one if that is the customer's. */
  readonly ofKey: ITopic;

  constructor(scope: Construct, id: string, { config, key, otherKey, existing }: AlarmTopicsProps) {
    super(scope, id);
    const topic = (name: string, severity: Severity, masterKey: Key): ITopic => {
      const own = existing?.[severity];
      const topic = own ?? make(name, severity, masterKey);
      for (const address of config.alarms[severity]) topic.addSubscription(new EmailSubscription(address));
      return topic;
    };
    const make = (name: string, severity: Severity, masterKey: Key): ITopic => {
      const made = new Topic(this, name, {
        displayName: `${config.name}-${config.stage} ${severity}`,
        masterKey,
        enforceSSL: true,
      });
      nameInTemplate(made, name);
      this.allowAlarms(made);
      return made;
    };
    this.critical = topic('CriticalAlarms', 'critical', key);
    this.warning = topic('WarningAlarms', 'warning', key);
    this.ofKey = existing?.critical ?? topic('KeyAlarms', 'critical', otherKey);
    allowAlarms(key);
    if (this.ofKey !== this.critical) allowAlarms(otherKey);
  }

  /** A topic with a policy of its own has lost the default one, by which the account's alarms may publish. */
  private allowAlarms(topic: Topic): void {
    topic.addToResourcePolicy(
      new PolicyStatement({
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
  }
}
