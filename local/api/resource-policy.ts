import { BlockList, isIPv6 } from 'node:net';
import { z } from 'zod';

const oneOrMore = z.union([z.string().transform((one) => [one]), z.array(z.string())]);
const SourceIp = z.strictObject({ 'aws:SourceIp': oneOrMore });

/** The statements of a resource policy that the local gateway understands; anything else in one is refused. */
export const Statement = z.strictObject({
  Sid: z.string().optional(),
  Effect: z.enum(['Allow', 'Deny']),
  Principal: z.union([z.literal('*'), z.strictObject({ AWS: z.literal('*') })]),
  Action: z.literal('execute-api:Invoke'),
  Resource: oneOrMore,
  Condition: z.union([z.strictObject({ IpAddress: SourceIp }), z.strictObject({ NotIpAddress: SourceIp })]).optional(),
});
export type Statement = z.output<typeof Statement>;

/** A resource policy; none lets everyone in. */
export type Policy = readonly Statement[] | undefined;

/** What a policy is asked: may this address call this method? */
export interface Access {
  readonly sourceIp: string;
  /** `stage/METHOD/path`, without a slash before the path. */
  readonly methodPath: string;
}

/**
 * Whether the policy lets an anonymous caller in: a statement allows it and none denies it
 * (https://docs.aws.amazon.com/apigateway/latest/developerguide/apigateway-authorization-flow.html).
 */
export function isAllowed(policy: Policy, access: Access): boolean {
  if (!policy) return true;
  const effects = policy.filter((statement) => applies(statement, access)).map(({ Effect }) => Effect);
  return effects.includes('Allow') && !effects.includes('Deny');
}

function applies({ Resource, Condition }: Statement, { sourceIp, methodPath }: Access): boolean {
  if (!Resource.some((pattern) => matchesResource(pattern, methodPath))) return false;
  if (!Condition) return true;
  return 'IpAddress' in Condition
    ? isWithin(sourceIp, Condition.IpAddress['aws:SourceIp'])
    : !isWithin(sourceIp, Condition.NotIpAddress['aws:SourceIp']);
}

/** `execute-api:/stage/METHOD/path`, or the same as a full ARN, with `*` for any text. */
const matchesResource = (pattern: string, methodPath: string): boolean =>
  pattern === '*' || matchesWildcard(pattern.replace(/^(arn:[^/]*|execute-api:)\//, ''), methodPath);

/** Whether a text matches a pattern in which `*` stands for any text. */
export function matchesWildcard(pattern: string, text: string): boolean {
  const expression = pattern.split('*').map(escape).join('.*');
  return new RegExp(`^${expression}$`, 's').test(text);
}

const escape = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&');

function isWithin(address: string, ranges: readonly string[]): boolean {
  const list = new BlockList();
  for (const range of ranges) {
    const [network = '', prefix] = range.split('/');
    const family = isIPv6(network) ? 'ipv6' : 'ipv4';
    if (prefix === undefined) list.addAddress(network, family);
    else list.addSubnet(network, Number(prefix), family);
  }
  return list.check(address, isIPv6(address) ? 'ipv6' : 'ipv4');
}
