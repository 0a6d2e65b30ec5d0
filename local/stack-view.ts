import type { Scope } from './template/attributes.ts';
import type { Resolver } from './template/resolver.ts';
import { TemplateError } from './template/template.ts';
import type { Template } from './template/template.ts';

/** How an AWS client reaches the stand-ins. */
export interface OperatorAccess {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    /** The token of this start. */
    readonly sessionToken: string;
  };
}

/** The facts that CloudFormation would state about the stack, and the addresses of its services. */
export interface StackView {
  readonly name: string;
  readonly region: string;
  readonly awsEndpoint: string;
  readonly outputs: Readonly<Record<string, string>>;
  /** Physical ids by logical id: a queue's URL, a secret's ARN, the name of a function or a table. */
  readonly resources: Readonly<Record<string, string>>;
}

export function viewStack(template: Template, { resolve }: Resolver, scope: Scope): StackView {
  // A resource without a stand-in on this machine, such as an alarm, has no id here.
  const known = (value: unknown): [string] | [] => {
    try {
      return [String(resolve(value))];
    } catch (error) {
      if (error instanceof TemplateError) return [];
      throw error;
    }
  };
  const collect = (entries: readonly (readonly [string, unknown])[]): Record<string, string> =>
    Object.fromEntries(entries.flatMap(([name, value]) => known(value).map((text) => [name, text])));
  return {
    name: scope.stackName,
    region: scope.region,
    awsEndpoint: scope.awsEndpoint,
    outputs: collect(Object.entries(template.Outputs).map(([name, { Value: value }]) => [name, value])),
    resources: collect(Object.keys(template.Resources).map((id) => [id, { Ref: id }])),
  };
}
