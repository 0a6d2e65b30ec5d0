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
 * It allows and never denies: what it does not name is refused, so that no other spelling of a path slips by a list.
 */
export function allowListPolicy(sources: readonly GuardedSource[]) {
  if (!sources.some(({ allowList }) => allowList)) return undefined;
  const open = sources.filter(({ allowList }) => !allowList).map(({ name }) => resource(name));
  const statements: Statement[] = sources.flatMap(({ name, allowList }) =>
    allowList ? [{ ...allow(resource(name)), Condition: { IpAddress: { 'aws:SourceIp': allowList } } }] : [],
  );
  const [first, ...others] = open;
  if (first !== undefined) statements.push(allow(others.length === 0 ? first : open));
  return { Version: '2012-10-17', Statement: statements };
}

const allow = (resources: Statement['Resource']): Statement => ({
  Effect: 'Allow',
  Principal: { AWS: '*' },
  Action: 'execute-api:Invoke',
  Resource: resources,
});

/** Every stage and method of the source's route. */
const resource = (name: string): string => `execute-api:/*/*${webhookPath(name)}`;

/** Says if the lists are longer than API Gateway's policy. */
export function tooLongAllowLists(sources: readonly GuardedSource[]): string[] {
  const { length } = JSON.stringify(allowListPolicy(sources) ?? {});
  if (length <= POLICY_CHARACTERS) return [];
  const guarded = sources.flatMap(({ name, allowList }) => (allowList ? [`${name} (${allowList.length})`] : []));
  return [
    `sources: all allow lists together must fit into the ${POLICY_CHARACTERS} characters of the API's resource policy; ` +
      `given: ${length} characters, addresses of ${guarded.join(', ')}; name ranges in place of single addresses`,
  ];
}
