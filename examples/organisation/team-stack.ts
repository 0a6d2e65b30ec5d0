import { Duration, Stack } from 'aws-cdk-lib';
import { EventBus } from 'aws-cdk-lib/aws-events';
import { AccountPrincipal, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import { GATEWAY, GATEWAY_ACCOUNT, REGION, TEAM, TEAM_ACCOUNT } from './accounts.ts';

/**
 * The roles of the functions that hand events over, and of no other in the gateway's account. A condition names them, because a
 * policy that named a role as its principal could not be made before the role is there.
 */
const HANDING_OVER = {
  ArnLike: {
    'aws:PrincipalArn': `arn:aws:iam::${GATEWAY_ACCOUNT}:role/${GATEWAY.name}-${GATEWAY.stage}/processor/*`,
  },
};

/** The team's account: a queue and a bus that let the gateway in. */
export class TeamStack extends Stack {
  constructor(scope: Construct, id: string) {
    super(scope, id, { env: { account: TEAM_ACCOUNT, region: REGION } });
    const queue = new Queue(this, 'Queue', {
      ...{ queueName: TEAM.queue, fifo: true, enforceSSL: true, retentionPeriod: Duration.days(14) },
      // A key of SQS's own: a customer-managed one has to let the gateway's account in too, and is named as keyArn there.
      encryption: QueueEncryption.SQS_MANAGED,
    });
    const principals = [new AccountPrincipal(GATEWAY_ACCOUNT)];
    queue.addToResourcePolicy(
      new PolicyStatement({
        principals,
        actions: ['sqs:SendMessage'],
        resources: [queue.queueArn],
        conditions: HANDING_OVER,
      }),
    );
    const bus = new EventBus(this, 'Bus', { eventBusName: TEAM.bus });
    bus.addToResourcePolicy(
      new PolicyStatement({
        ...{ sid: 'FromTheGateway', principals, actions: ['events:PutEvents'], resources: [bus.eventBusArn] },
        conditions: HANDING_OVER,
      }),
    );
  }
}
