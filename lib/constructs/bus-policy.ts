import { Stack } from 'aws-cdk-lib';
import { CfnEventBusPolicy } from 'aws-cdk-lib/aws-events';
import type { EventBus } from 'aws-cdk-lib/aws-events';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { HookgateConfig } from '../config/config.ts';
import { nameInTemplate, rolePath } from './names.ts';

/**
 * Lets the processors alone put events into the bus. Within an account a role's own policy would be enough, so this one denies:
 * whoever else may call PutEvents, an administrator included, cannot pass off an event as verified. The roles are told by their
 * path, so that the policy has one length for any number of sources.
 */
export function letInProcessorsAlone(bus: EventBus, id: string, config: HookgateConfig): void {
  const { partition, account } = Stack.of(bus);
  const statement = new PolicyStatement({
    sid: 'ProcessorsAlone',
    effect: Effect.DENY,
    principals: [new AnyPrincipal()],
    actions: ['events:PutEvents'],
    resources: [bus.eventBusArn],
    conditions: {
      ArnNotLike: { 'aws:PrincipalArn': `arn:${partition}:iam::${account}:role${rolePath(config, 'processor')}*` },
    },
  });
  const policy = new CfnEventBusPolicy(bus, 'Policy', {
    eventBusName: bus.eventBusName,
    statementId: 'ProcessorsAlone',
    statement: statement.toStatementJson() as Readonly<Record<string, unknown>>,
  });
  nameInTemplate(policy, id);
}
