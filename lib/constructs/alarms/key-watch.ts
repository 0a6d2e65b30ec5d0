import { Rule } from 'aws-cdk-lib/aws-events';
import { SnsTopic } from 'aws-cdk-lib/aws-events-targets';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';
import { nameInTemplate } from '../names.ts';

/** Calls after which everything that a key encrypts cannot be read any more, at once or in some days. */
const ENDING = ['DisableKey', 'ScheduleKeyDeletion'];

/**
 * Tells the topic when somebody disables one of the keys or schedules its deletion. EventBridge learns it from CloudTrail, which an
 * account has unless somebody has switched it off. The topic must not be under one of the keys.
 */
export function watchKeys(scope: Construct, id: string, keys: readonly IKey[], topic: ITopic): void {
  const rule = new Rule(scope, id, {
    description: 'Somebody disables a key of the webhook gateway, or schedules its deletion',
    eventPattern: {
      source: ['aws.kms'],
      detailType: ['AWS API Call via CloudTrail'],
      detail: { eventName: ENDING, resources: { ARN: keys.map(({ keyArn }) => keyArn) } },
    },
    targets: [new SnsTopic(topic)],
  });
  nameInTemplate(rule, id);
}
