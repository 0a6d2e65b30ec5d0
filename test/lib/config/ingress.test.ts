import { describe, expect, it } from '@jest/globals';
import { ConfigError, resolveConfig } from '../../../lib/config/config.ts';
import type { Settings } from '../../../lib/config/settings.ts';

const sources = { osigu: { provider: 'osigu' } };
const certificateArn = 'arn:aws:acm:us-east-1:123456789012:certificate/0a1b';
const domain = (changes: object): Partial<Settings> => ({
  domain: { name: 'a.example.com', certificateArn, ...changes },
});

const problems = (settings: Partial<Settings>): readonly string[] => {
  try {
    resolveConfig({ sources, ...settings });
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
};

describe('what stands before the API', () => {
  it.each<[Partial<Settings>, RegExp]>([
    [domain({ name: 'Hooks.example.com' }), /^domain\.name: must be a domain name in lower case.*given: "Hooks/],
    [domain({ name: 'https://hooks.example.com' }), /^domain\.name: must be a domain name/],
    [domain({ name: 'localhost' }), /^domain\.name: must be a domain name/],
    [domain({ certificateArn: 'arn:aws:iam::1:role/x' }), /^domain\.certificateArn: must be the ARN of a certificate/],
    [domain({ hostedZone: { id: 'example', name: 'example.com' } }), /^domain\.hostedZone\.id: must be the id/],
    [domain({ hostedZone: { id: 'Z1', name: 'example.org' } }), /^domain\.name: must be in its hosted zone/],
    [
      domain({ mutualTls: { truststore: 'https://bucket/key' } }),
      /^domain\.mutualTls\.truststore: must be the address of an object, such as "s3:/,
    ],
    [domain({ truststore: 's3://a/b' }), /^domain: unknown key "truststore"/],
    [{ waf: { requestsPerAddress: 9 } }, /^waf\.requestsPerAddress: must be a whole number from 10 to/],
    [{ verifier: { reservedConcurrency: 0 } }, /^verifier\.reservedConcurrency: must be a whole number from 1/],
    [{ processor: { maxConcurrency: 9, reservedConcurrency: 8 } }, /^processor\.reservedConcurrency: must be at least/],
  ])('is refused where it cannot work: %j', (settings, message) => {
    expect(problems(settings)).toStrictEqual([expect.stringMatching(message)]);
  });

  it.each<[Partial<Settings>]>([
    [domain({})],
    [domain({ hostedZone: { id: 'Z1', name: 'example.com' } })],
    [domain({ hostedZone: { id: 'Z1', name: 'a.example.com' } })],
    [{ processor: { maxConcurrency: 9, reservedConcurrency: 9 } }],
  ])('is taken where it can: %j', (settings) => {
    expect(problems(settings)).toStrictEqual([]);
  });
});
