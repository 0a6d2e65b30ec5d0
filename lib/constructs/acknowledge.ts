import { Stack, Validations } from 'aws-cdk-lib';
import type { CfnResource } from 'aws-cdk-lib';
import { Role } from 'aws-cdk-lib/aws-iam';
import { CfnFunction } from 'aws-cdk-lib/aws-lambda';
import type { IConstruct } from 'constructs';
import { ACKNOWLEDGED, isResource, logicalIdOf } from './acknowledged-findings.ts';

/** The names that rules have in braces. */
export type Names = Readonly<Partial<Record<'secrets' | 'source' | 'archive' | 'bodies', string>>>;

/** Acknowledges, on each resource below that it is about, every finding that stays. */
export function acknowledgeFindings(scope: IConstruct, names: Names): void {
  const resources = scope.node.findAll().filter(isResource);
  const functions = resources.filter((resource) => resource instanceof CfnFunction).map(logicalIdOf);
  const known = { ...placeOf(Stack.of(scope)), ...names };
  for (const { rules, type, of = () => true, reason } of ACKNOWLEDGED) {
    const ids = rules
      .flatMap((rule) => each(rule, '{function}', functions))
      .map((rule) => rule.replaceAll(/\{(\w+)\}/g, (all, name: keyof typeof known) => known[name] ?? all));
    for (const resource of resources.filter((one) => one.cfnResourceType === type && of(one))) {
      for (const id of ids) Validations.of(withLater(resource)).acknowledge({ id, reason });
    }
  }
}

/**
 * The construct to acknowledge at, for a resource and those that the CDK makes beside it when the app is synthesized: a policy that is
 * too long for one is continued in others, below the same role.
 */
function withLater(resource: CfnResource): IConstruct {
  const role = resource.node.scopes.findLast((scope) => Role.isRole(scope));
  return resource.cfnResourceType === 'AWS::IAM::Policy' && role ? role : resource;
}

/** The partition, region and account of a stack as the packs write them: the text, or `<AWS::Region>` if only a deployment knows it. */
function placeOf(stack: Stack): Readonly<Record<'partition' | 'region' | 'account', string>> {
  const written = (value: string): string => {
    const resolved = stack.resolve(value) as string | { readonly Ref: string };
    return typeof resolved === 'string' ? resolved : `<${resolved.Ref}>`;
  };
  return { partition: written(stack.partition), region: written(stack.region), account: written(stack.account) };
}

const each = (rule: string, placeholder: string, names: readonly string[]): string[] =>
  rule.includes(placeholder) ? names.map((name) => rule.replace(placeholder, name)) : [rule];
