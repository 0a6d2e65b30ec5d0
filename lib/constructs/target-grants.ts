import { Stack } from 'aws-cdk-lib';
import { Grant, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { busSource } from '../../lambdas/contract.ts';
import { sourceOf } from '../../lambdas/core/target.ts';
import type { TargetConfig } from '../config/targets.ts';

/** The one action that handing over an event takes, by the kind of the target; a URL takes none. */
const ACTION: Readonly<Partial<Record<TargetConfig['kind'], string>>> = {
  lambda: 'lambda:InvokeFunction',
  sqs: 'sqs:SendMessage',
  sns: 'sns:Publish',
  'step-functions': 'states:StartExecution',
  kinesis: 'kinesis:PutRecord',
  firehose: 'firehose:PutRecord',
  bus: 'events:PutEvents',
};

/** Grants what handing over takes, on that one resource, and the use of its key through its service alone. */
export function grantTarget(grantee: Construct & IGrantable, { name, kind, to, keyArn }: TargetConfig): void {
  const action = ACTION[kind];
  if (action === undefined) return;
  // As for the gateway's own bus: no processor passes an event off as another source's.
  const conditions = {
    'ForAllValues:StringEquals': { 'events:source': busSource(sourceOf(name)) },
    Null: { 'events:source': 'false' },
  };
  Grant.addToPrincipal({
    ...{ grantee, actions: [action], resourceArns: [to] },
    ...(kind === 'bus' && { conditions }),
  });
  if (keyArn === undefined) return;
  // The service as ARNs call it, which is how KMS calls it too: it is not always the kind of the target.
  const [, , service = '', region = ''] = to.split(':');
  grantee.grantPrincipal.addToPrincipalPolicy(
    new PolicyStatement({
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [keyArn],
      conditions: { StringEquals: { 'kms:ViaService': `${service}.${region}.${Stack.of(grantee).urlSuffix}` } },
    }),
  );
}
