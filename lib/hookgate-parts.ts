import { CfnOutput, Tags } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { RegionFeatures } from './region.ts';

/** Tags everything below with the gateway. */
export const tag = (scope: IConstruct, gateway: string, features: RegionFeatures): void =>
  addTags(scope, { 'hookgate:gateway': gateway }, features);

/** Tags everything below that can have tags in the region. */
export function addTags(
  scope: IConstruct,
  tags: Readonly<Record<string, string>>,
  { taggedMappings }: RegionFeatures,
): void {
  // Tags on dashboards are so new that cfn-lint does not know them yet.
  const untagged = taggedMappings ? [] : ['AWS::Lambda::EventSourceMapping'];
  const excludeResourceTypes = ['AWS::CloudWatch::Dashboard', ...untagged];
  for (const [name, value] of Object.entries(tags)) Tags.of(scope).add(name, value, { excludeResourceTypes });
}

/** An output with a name that others read: it does not depend on its place in the tree. */
export function output(scope: Construct, name: string, value: string, description: string): void {
  new CfnOutput(scope, `Output${name}`, { value, description }).overrideLogicalId(name);
}
