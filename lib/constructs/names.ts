import { CfnElement } from 'aws-cdk-lib';
import type { IConstruct } from 'constructs';

/**
 * Gives a resource a logical id that a person can read and that does not depend on where its construct stands: a stateful
 * resource whose logical id changed would be replaced by an empty one.
 */
export function nameInTemplate(construct: IConstruct, logicalId: string): void {
  const resource = construct.node.defaultChild ?? construct;
  if (!CfnElement.isCfnElement(resource)) throw new Error(`${construct.node.path} is no CloudFormation resource`);
  resource.overrideLogicalId(logicalId);
}

export { pascalCase } from '../config/stack-names.ts';
