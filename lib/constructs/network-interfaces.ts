import { Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Role } from 'aws-cdk-lib/aws-iam';

/** Calls that Lambda makes in the name of a function in a network (https://docs.aws.amazon.com/lambda/latest/dg/configuration-vpc.html). */
const ACTIONS = [
  ...['AssignPrivateIpAddresses', 'CreateNetworkInterface', 'DeleteNetworkInterface', 'DescribeNetworkInterfaces'],
  ...['DescribeSubnets', 'UnassignPrivateIpAddresses'],
].map((name) => `ec2:${name}`);

/**
 * Lets Lambda make the network interfaces of a function, and denies the same to the function's own code: the statements that Lambda
 * asks for name no resource, and are for Lambda alone.
 */
export function grantInterfaces(role: Role): void {
  const { partition, region, account } = Stack.of(role);
  role.addToPolicy(new PolicyStatement({ actions: ACTIONS, resources: ['*'] }));
  role.addToPolicy(
    new PolicyStatement({
      effect: Effect.DENY,
      actions: ACTIONS,
      resources: ['*'],
      // Only calls of a function's code have this key, not those of Lambda itself, and the role is of one function: any name will do.
      // Its own would be a circle, since the function waits for its policy, and CloudFormation may shorten it.
      conditions: {
        ArnLike: { 'lambda:SourceFunctionArn': `arn:${partition}:lambda:${region}:${account}:function:*` },
      },
    }),
  );
}
