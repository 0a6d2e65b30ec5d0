import { fullDiff, ResourceImpact } from '@aws-cdk/cloudformation-diff';
import { loadAwsServiceSpecSync } from '@aws-cdk/aws-service-spec';

/** A CloudFormation template, as far as it is looked at. */
export interface StackTemplate {
  readonly Resources?: Readonly<Record<string, unknown>>;
}

/** The effect of a deployment on a resource: a new one in its place, for certain or perhaps; or none any more. */
export type Impact = 'replaced' | 'may be replaced' | 'removed';

/** A resource that a deployment takes away, and what becomes of it. */
export interface Loss {
  readonly stack: string;
  readonly logicalId: string;
  /** Its type: `AWS::DynamoDB::Table`. */
  readonly type: string;
  readonly impact: Impact;
  /** The properties whose change does it; empty for a resource that is removed. */
  readonly properties: readonly string[];
  /** Whether it holds data, by CloudFormation's own description of its type. */
  readonly holdsData: boolean;
  /** Whether the old one stays in the account, beside the stack. */
  readonly isKept: boolean;
}

const IMPACTS: Readonly<Partial<Record<ResourceImpact, Impact>>> = {
  [ResourceImpact.WILL_REPLACE]: 'replaced',
  [ResourceImpact.MAY_REPLACE]: 'may be replaced',
  [ResourceImpact.WILL_DESTROY]: 'removed',
  [ResourceImpact.WILL_ORPHAN]: 'removed',
};

/**
 * The resources of a stack that a deployment would replace or remove, those with data first. The CDK says what a change does; it
 * knows the description that CloudFormation has of every type.
 */
export function lossesOf(stack: string, deployed: StackTemplate, next: StackTemplate): Loss[] {
  const losses: Loss[] = [];
  fullDiff(copyOf(deployed), copyOf(next)).resources.forEachDifference((logicalId, change) => {
    const impact = IMPACTS[change.changeImpact];
    if (impact === undefined) return;
    const type = change.oldResourceType ?? '';
    const updates = Object.entries(change.propertyUpdates);
    losses.push({
      ...{ stack, logicalId, type, impact },
      properties: impact === 'removed' ? [] : updates.filter(([, update]) => isCause(update.changeImpact)).map(nameOf),
      holdsData: isStateful(type),
      isKept:
        impact === 'removed'
          ? keeps(change.oldValue?.DeletionPolicy)
          : keeps(change.oldValue?.UpdateReplacePolicy) && keeps(change.newValue?.UpdateReplacePolicy),
    });
  });
  return losses.sort((one, other) => Number(other.holdsData) - Number(one.holdsData));
}

/** The diff writes into what it is given. */
const copyOf = (template: StackTemplate): Record<string, unknown> => structuredClone({ ...template });

const isCause = (impact: ResourceImpact | undefined): boolean =>
  impact === ResourceImpact.WILL_REPLACE || impact === ResourceImpact.MAY_REPLACE;

const nameOf = ([name]: readonly [string, unknown]): string => name;

const keeps = (policy: unknown): boolean =>
  policy === 'Retain' || policy === 'RetainExceptOnCreate' || policy === 'Snapshot';

let spec: ReturnType<typeof loadAwsServiceSpecSync> | undefined;

function isStateful(type: string): boolean {
  spec ??= loadAwsServiceSpecSync();
  const [described] = spec.lookup('resource', 'cloudFormationType', 'equals', type);
  return described?.isStateful === true;
}
