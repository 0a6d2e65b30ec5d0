import { webhookPath } from '../../lambdas/contract.ts';

/** A source as far as its allow list goes. */
export interface GuardedSource {
  readonly name: string;
  readonly allowList?: readonly string[] | undefined;
}

/** Characters of the longest resource policy that API Gateway takes. */
const POLICY_CHARACTERS = 8192;

interface Statement {
  readonly Effect: 'Allow';
  readonly Principal: { readonly AWS: '*' };
  readonly Action: 'execute-api:Invoke';
  readonly Resource: string | readonly string[];
  readonly Condition?: { readonly IpAddress: { readonly 'aws:SourceIp': readonly string[] } };
}

/**
 * The API's resource policy, which turns an address away before any function runs; undefined if every address may come.
 * It allows and never denies: a path that it does not name is refused, so that no other spelling of a path slips by a list. If the
 * names of the sources without a list do not fit, they are named by beginnings that no source with a list shares.
 */
export function allowListPolicy(sources: readonly GuardedSource[]) {
  if (!sources.some(({ allowList }) => allowList)) return undefined;
  const guarded = sources.flatMap(({ name, allowList }) => (allowList ? [name] : []));
  const open = sources.flatMap(({ name, allowList }) => (allowList ? [] : [name]));
  const lists: Statement[] = sources.flatMap(({ name, allowList }) =>
    allowList ? [{ ...allow([name]), Condition: { IpAddress: { 'aws:SourceIp': allowList } } }] : [],
  );
  const policy = (names: readonly string[]) => ({
    Version: '2012-10-17',
    Statement: [...lists, ...(names.length > 0 ? [allow(names)] : [])],
  });
  const byName = policy(open);
  return lengthOf(byName) <= POLICY_CHARACTERS ? byName : policy(beginningsOf(open, guarded));
}

/** Its characters once API Gateway has put the ARN of the API in the place of `execute-api:`. */
const lengthOf = (policy: object): number =>
  JSON.stringify(policy).replaceAll('"execute-api:/', `"${ARN_OF_API}/`).length;
const ARN_OF_API = 'arn:aws-us-gov:execute-api:us-gov-west-1:123456789012:abcdefghij';

/** The shortest beginnings of some names that no other name has, as patterns. A name that others begin with is written out. */
function beginningsOf(names: readonly string[], others: readonly string[]): string[] {
  const patterns = names.map((name) => {
    const lengths = Array.from({ length: name.length }, (_, index) => index + 1);
    const length = lengths.find((each) => !others.some((other) => other.startsWith(name.slice(0, each))));
    return length === undefined ? name : `${name.slice(0, length)}*`;
  });
  return [...new Set(patterns)].sort();
}

const allow = (names: readonly string[]): Statement => {
  const [first = '', ...others] = names.map(resource);
  return {
    ...{ Effect: 'Allow', Principal: { AWS: '*' }, Action: 'execute-api:Invoke' },
    Resource: others.length === 0 ? first : [first, ...others],
  };
};

/** Every stage and method of the source's route. */
const resource = (name: string): string => `execute-api:/*/*${webhookPath(name)}`;

/** Says if the lists are longer than API Gateway's policy. */
export function tooLongAllowLists(sources: readonly GuardedSource[]): string[] {
  const length = lengthOf(allowListPolicy(sources) ?? {});
  if (length <= POLICY_CHARACTERS) return [];
  const guarded = sources.flatMap(({ name, allowList }) => (allowList ? [`${name} (${allowList.length})`] : []));
  return [
    `sources: all allow lists together must fit into the ${POLICY_CHARACTERS} characters of the API's resource policy; ` +
      `given: ${length} characters, addresses of ${guarded.join(', ')}; name ranges in place of single addresses, ` +
      'or put some of these sources into a gateway of their own',
  ];
}
