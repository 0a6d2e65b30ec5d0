import { describe, expect, it } from '@jest/globals';
import { isAllowed, matches } from './iam.ts';
import type { AccessRequest, Statement } from './iam.ts';

const ACCOUNT = '123456789012';
const ROLE = `arn:aws:iam::${ACCOUNT}:role/a/b/Processor`;
const request = (changes: Partial<AccessRequest> = {}): AccessRequest => ({
  ...{ principal: ROLE, account: ACCOUNT, action: 'sqs:SendMessage', resource: 'arn:aws:sqs:r:1:queue', context: {} },
  ...changes,
});
const allow = (changes: Partial<Statement> = {}): Statement => ({
  ...{ Effect: 'Allow', Action: 'sqs:SendMessage', Resource: 'arn:aws:sqs:r:1:queue' },
  ...changes,
});
const by = (...statements: Statement[]) => [{ Statement: statements }];

describe('a request', () => {
  it.each<[what: string, statements: Statement[], allowed: boolean]>([
    ['is refused unless something allows it', [], false],
    ['is allowed by action and resource', [allow()], true],
    ['is not allowed by another action', [allow({ Action: 'sqs:DeleteMessage' })], false],
    ['is not allowed on another resource', [allow({ Resource: 'arn:aws:sqs:r:1:queue2' })], false],
    ['is allowed by wildcards', [allow({ Action: ['s3:*', 'SQS:Send*'], Resource: ['arn:*', 'x'] })], true],
    ['is refused by any deny', [allow(), allow({ Effect: 'Deny', Action: 'sqs:*', Resource: '*' })], false],
  ])('%s', (_what, statements, allowed) => {
    expect(isAllowed(request(), by(...statements))).toBe(allowed);
  });
});

describe('a condition', () => {
  const holds = (Condition: Statement['Condition'] & object, context: AccessRequest['context']) =>
    isAllowed(request({ context }), by(allow({ Condition })));

  it.each<[operator: string, wanted: string | string[], given: string | string[] | undefined, holds: boolean]>([
    ['StringEquals', 'a', 'a', true],
    ['StringEquals', 'a*', 'ab', false],
    ['StringEquals', 'a', undefined, false],
    ['StringLike', ['x', 'a*'], 'ab', true],
    ['ArnNotLike', 'arn:*:role/a/*', ROLE, false],
    ['ArnNotLike', 'arn:*:role/b/*', ROLE, true],
    ['ArnNotLike', 'arn:*:role/b/*', undefined, true],
    ['Bool', 'false', 'true', false],
    ['NumericLessThan', '1.2', '1.1', true],
    ['NumericLessThan', '1.2', '1.2', false],
    ['Null', 'false', 'a', true],
    ['Null', 'false', undefined, false],
    ['ForAllValues:StringLike', ['event#a#*'], ['event#a#1', 'event#a#2'], true],
    ['ForAllValues:StringLike', ['event#a#*'], ['event#a#1', 'event#b#2'], false],
    ['ForAllValues:StringLike', ['event#a#*'], undefined, true],
  ])('%s %j of %j is %j', (operator, wanted, given, expected) => {
    expect(holds({ [operator]: { key: wanted } }, given === undefined ? {} : { key: given })).toBe(expected);
  });

  it('of an operator that is not known is an error, and so is an unknown part of a statement', () => {
    expect(() => holds({ IpAddress: { key: 'a' } }, {})).toThrow('IpAddress is not understood');
    const strange = { ...allow(), NotAction: 'sqs:*' };
    expect(() => isAllowed(request(), by(strange))).toThrow('NotAction, which is not understood');
  });
});

describe("a resource's own policy", () => {
  const policy = (...Statement: Statement[]) => ({ Statement });
  const deny = allow({ Effect: 'Deny', Principal: { AWS: '*' }, Condition: { Bool: { tls: 'false' } } });

  it('refuses what it denies, whatever the role may do', () => {
    expect(isAllowed(request({ context: { tls: 'false' } }), by(allow()), policy(deny))).toBe(false);
    expect(isAllowed(request({ context: { tls: 'true' } }), by(allow()), policy(deny))).toBe(true);
  });

  it('allows a role that it names, and leaves to IAM what it allows the account', () => {
    const forService = allow({ Principal: { Service: 'sns.amazonaws.com' } });
    expect(isAllowed(request(), [], policy(forService))).toBe(false);
    expect(isAllowed(request(), [], policy(allow({ Principal: { AWS: ROLE } })))).toBe(true);
    const forAccount = allow({ Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } });
    expect(isAllowed(request(), [], policy(forAccount))).toBe(false);
  });

  it('of a key must allow too', () => {
    const decrypt = request({ action: 'kms:Decrypt', resource: 'arn:aws:kms:r:1:key/1' });
    const role = by(allow({ Action: 'kms:Decrypt', Resource: 'arn:aws:kms:r:1:key/1' }));
    const account = allow({ Action: 'kms:*', Resource: '*', Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` } });
    expect(isAllowed(decrypt, role, policy(account))).toBe(true);
    expect(isAllowed(decrypt, role, policy())).toBe(false);
    expect(isAllowed(decrypt, [], policy(account))).toBe(false);
  });
});

it('a pattern matches whole texts', () => {
  expect(matches('a*c', 'abbc')).toBe(true);
  expect(matches('a.c', 'abc')).toBe(false);
  expect(matches('a?c', 'abc')).toBe(true);
  expect(matches('b', 'abc')).toBe(false);
});
