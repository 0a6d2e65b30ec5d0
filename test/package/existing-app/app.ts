import { App, Stack } from 'aws-cdk-lib';
import { Vpc } from 'aws-cdk-lib/aws-ec2';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { join } from 'node:path';
import { configFrom, HookgateStack } from '../../../package/cdk.ts';

/** A customer's app: what the platform has, and the gateway in it. */
const app = new App();

const platform = new Stack(app, 'Platform');
const vpc = new Vpc(platform, 'Vpc', { maxAzs: 2, natGateways: 1 });
const permissionsBoundary = new ManagedPolicy(platform, 'Boundary', {
  managedPolicyName: 'boundary',
  statements: [new PolicyStatement({ actions: ['*'], resources: ['*'] })],
});
new Queue(platform, 'Billing', { queueName: 'billing', enforceSSL: true });

const config = await configFrom(join(import.meta.dirname, 'hookgate.config.ts'));
new HookgateStack(app, 'Webhooks', { config, vpc, permissionsBoundary, tags: { team: 'payments' } });
