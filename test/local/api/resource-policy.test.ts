import { describe, expect, it } from '@jest/globals';
import { isAllowed, Statement } from '../../../local/api/resource-policy.ts';

const statement = (changes: object = {}): Statement =>
  Statement.parse({
    Effect: 'Allow',
    Principal: { AWS: '*' },
    Action: 'execute-api:Invoke',
    Resource: 'execute-api:/*/*/webhooks/osigu',
    ...changes,
  });
const from = (...ranges: string[]) => ({ Condition: { IpAddress: { 'aws:SourceIp': ranges } } });
const access = (sourceIp: string, path = '/webhooks/osigu') => ({ sourceIp, methodPath: `dev/POST${path}` });

describe('a resource policy', () => {
  it('that is not there lets everyone in', () => {
    expect(isAllowed(undefined, access('198.51.100.1'))).toBe(true);
  });

  it('lets in whom it names, and nobody else', () => {
    const policy = [statement(from('203.0.113.0/24', '198.51.100.7', '2001:db8::/32'))];
    const allowed = (address: string): boolean => isAllowed(policy, access(address));
    expect(['203.0.113.1', '203.0.113.255', '198.51.100.7', '2001:db8::1'].map(allowed)).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(['203.0.114.1', '198.51.100.8', '2001:db9::1', '127.0.0.1'].map(allowed)).toEqual([
      false,
      false,
      false,
      false,
    ]);
  });

  it('holds for the path that it names', () => {
    const policy = [statement()];
    expect(isAllowed(policy, access('198.51.100.1'))).toBe(true);
    expect(isAllowed(policy, access('198.51.100.1', '/webhooks/osigu/more'))).toBe(false);
    expect(isAllowed(policy, access('198.51.100.1', '/webhooks/nabla'))).toBe(false);
  });

  it('denies what a statement denies, whatever another allows', () => {
    const denial = { Effect: 'Deny', Condition: { NotIpAddress: { 'aws:SourceIp': '203.0.113.0/24' } } };
    const policy = [statement(), statement(denial)];
    expect(isAllowed(policy, access('203.0.113.1'))).toBe(true);
    expect(isAllowed(policy, access('198.51.100.1'))).toBe(false);
  });

  it('is refused if it says something that is not understood', () => {
    const condition = { Condition: { StringEquals: { 'aws:SourceVpc': 'vpc-1' } } };
    expect(() => statement(condition)).toThrow();
  });
});
