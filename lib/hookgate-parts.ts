import { CfnOutput, Tags } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { RegionFeatures } from './region.ts';

/** Tags everything below with the gateway. */
export function tag(scope: IConstruct, gateway: string, { taggedMappings }: RegionFeatures): void {
  // Tags on dashboards are so new that cfn-lint does not know them yet.
  const untagged = taggedMappings ? [] : ['AWS::Lambda::EventSourceMapping'];
  Tags.of(scope).add('hookgate:gateway', gateway, {
    excludeResourceTypes: ['AWS::CloudWatch::Dashboard', ...untagged],
  });
}

/** An output with a name that others read: it does not depend on its place in the tree. */
export function output(scope: Construct, name: string, value: string, description: string): void {
  new CfnOutput(scope, `Output${name}`, { value, description }).overrideLogicalId(name);
}
