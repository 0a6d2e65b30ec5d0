import { CfnElement } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';
import { stackName } from '../config/stack-names.ts';

/**
 * Gives a resource a logical id that a person can read and that does not depend on its place in the tree: a stateful
 * resource whose logical id changed would be replaced by an empty one.
 */
export function nameInTemplate(construct: IConstruct, logicalId: string): void {
  const resource = construct.node.defaultChild ?? construct;
  if (!CfnElement.isCfnElement(resource)) throw new Error(`${construct.node.path} is not a CloudFormation resource`);
  resource.overrideLogicalId(logicalId);
}

/** The path of the roles of one part of the gateway: `/hookgate-dev/processor/`. */
export const rolePath = (gateway: Parameters<typeof stackName>[0], part: string): string =>
  `/${stackName(gateway)}/${part}/`;

/** The name of a source's signing secret: `hookgate/dev/osigu`. */
export const secretName = ({ name, stage }: Parameters<typeof stackName>[0], source: string): string =>
  `${name}/${stage}/${source}`;

export { pascalCase } from '../config/stack-names.ts';
