/*
 * IAM's evaluation, as far as the template's policies use it: identity policies and the resource's own policy within one account,
 * explicit denies, wildcards, and the condition operators below. Anything else in a policy is an error, never a guess.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html
 */

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: '*' | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  /** Absent in no policy of the template, but in its key policies `*`, which there is the key itself. */
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

export interface PolicyDocument {
  readonly Statement: readonly Statement[];
}

export interface AccessRequest {
  /** ARN of the role. */
  readonly principal: string;
  readonly account: string;
  readonly action: string;
  readonly resource: string;
  /** Condition keys of the request with their values; a key that it has not is absent. */
  readonly context: Readonly<Record<string, string | readonly string[]>>;
}

/** Whether the policies let the request through. A key's policy must allow it too, or leave it to IAM by naming the account. */
export function isAllowed(
  request: AccessRequest,
  identityPolicies: readonly PolicyDocument[],
  resourcePolicy?: PolicyDocument,
): boolean {
  const own = identityPolicies.flatMap(({ Statement }) => Statement).filter((one) => applies(one, request));
  const theirs = (resourcePolicy?.Statement ?? []).filter((one) => applies(one, request) && names(one, request));
  if ([...own, ...theirs].some(({ Effect }) => Effect === 'Deny')) return false;
  const byIdentity = own.some(({ Effect }) => Effect === 'Allow');
  // A statement for the whole account lets IAM decide; one for the role alone decides.
  const forRole = theirs.some((one) => one.Effect === 'Allow' && !isAccount(one, request));
  if (request.action.startsWith('kms:') && resourcePolicy) return forRole || (byIdentity && theirs.length > 0);
  return byIdentity || forRole;
}

function applies({ Action, Resource, Condition = {}, ...rest }: Statement, request: AccessRequest): boolean {
  const unknown = Object.keys(rest).filter((key) => !['Sid', 'Effect', 'Principal'].includes(key));
  if (unknown.length > 0) throw new Error(`a statement has ${unknown.join(', ')}, which is not understood`);
  return (
    // Actions make no difference between cases.
    list(Action).some((pattern) => matches(pattern.toLowerCase(), request.action.toLowerCase())) &&
    list(Resource).some((pattern) => matches(pattern, request.resource)) &&
    Object.entries(Condition).every(([operator, tests]) =>
      Object.entries(tests).every(([key, wanted]) => holds(operator, wanted, request.context[key])),
    )
  );
}

const root = (account: string): RegExp => new RegExp(`^(${account}|arn:[^:]+:iam::${account}:root)$`);
const principals = ({ Principal }: Statement): readonly string[] => {
  if (Principal === undefined) throw new Error('a statement of a resource policy names no principal');
  return Principal === '*' ? ['*'] : list(Principal.AWS ?? []);
};
const isAccount = (statement: Statement, { account }: AccessRequest): boolean =>
  principals(statement).every((one) => root(account).test(one));
const names = (statement: Statement, { account, principal }: AccessRequest): boolean =>
  principals(statement).some((one) => one === '*' || one === principal || root(account).test(one));

type Test = (wanted: string, given: string) => boolean;
const equals: Test = (wanted, given) => wanted === given;

/** A key that the request has not satisfies a negated operator alone. */
const OPERATORS: Readonly<Record<string, { readonly test: Test; readonly negated?: true }>> = {
  StringEquals: { test: equals },
  StringLike: { test: matches },
  ArnEquals: { test: matches },
  ArnLike: { test: matches },
  ArnNotLike: { test: matches, negated: true },
  Bool: { test: equals },
  NumericLessThan: { test: (wanted, given) => Number(given) < Number(wanted) },
};

function holds(operator: string, wanted: unknown, given: string | readonly string[] | undefined): boolean {
  if (operator === 'Null') return list(wanted).includes(String(given === undefined));
  const [, forAll, name = ''] = /^(ForAllValues:)?(\w+)$/.exec(operator) ?? [];
  const known = Object.hasOwn(OPERATORS, name) ? OPERATORS[name] : undefined;
  if (!known) throw new Error(`the condition operator ${operator} is not understood`);
  if (given === undefined) return forAll !== undefined || known.negated === true;
  const one = (value: string) =>
    list(wanted).some((pattern) => known.test(pattern, value)) !== (known.negated ?? false);
  const values = list(given);
  return forAll === undefined ? values.some(one) : values.every(one);
}

const list = (value: unknown): readonly string[] => (Array.isArray(value) ? value : [value]).map(String);

/** Whether a text matches a pattern in which `*` stands for any text and `?` for one character. */
export function matches(pattern: string, text: string): boolean {
  const expression = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  return new RegExp(`^${expression}$`, 's').test(text);
}
