import { defaultWindowDays } from '../../../lambdas/core/provider.ts';
import { describe, expect, it } from '@jest/globals';
import { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { OptionSpec, Provider } from '../../../lambdas/core/provider.ts';
import { nabla } from '../../../lambdas/providers/nabla.ts';
import { providers } from '../../../lambdas/providers/index.ts';
import { REPOSITORY, resolveConfig } from '../../../lib/config/config.ts';
import { config } from '../../settings.ts';
import { LOG_DAYS } from '../../../lib/config/schema.ts';
import type { SourceSettings } from '../../../lib/config/source-settings.ts';

const sourceOf = (settings: SourceSettings, registry: ReadonlyMap<string, Provider> = providers) => {
  const [source] = resolveConfig({ sources: { it: settings } }, { providers: registry }).sources;
  if (!source) throw new Error('no source');
  return source;
};

describe('a configuration of sources alone', () => {
  it('is the stage dev of hookgate, and no production', () => {
    const { name, stage, production } = resolveConfig({ sources: { it: { provider: 'nabla' } } });
    expect({ name, stage, production }).toStrictEqual({ name: 'hookgate', stage: 'dev', production: false });
  });

  it('remembers events for as long as their provider needs', () => {
    for (const { windowSeconds, provider } of config.sources) {
      expect(windowSeconds).toBe(defaultWindowDays(provider) * 86_400);
      expect(windowSeconds).toBeGreaterThanOrEqual(provider.retryHorizonSeconds);
    }
  });
});

describe('a source with targets', () => {
  const targets = [{ name: 'a', kind: 'sqs', arn: 'arn:aws:sqs:eu-west-1:123456789012:a' }] as const;
  const daysOf = (settings: Partial<SourceSettings>): number =>
    sourceOf({ provider: 'stripe', ...settings }).windowSeconds / 86_400;

  it('remembers events for as long as a dead letter of it may wait, unless it says otherwise', () => {
    expect(daysOf({})).toBe(14);
    expect(daysOf({ targets })).toBe(30);
    expect(daysOf({ targets, windowDays: 14 })).toBe(14);
    expect(daysOf({ targets, provider: 'nvsep' })).toBe(365);
  });
});

describe('every provider of the registry', () => {
  it.each([...providers.keys()])('is configured by its name alone (%s)', (provider) => {
    expect(sourceOf({ provider }).provider.name).toBe(provider);
  });
});

describe('a source', () => {
  it('hands its environment and its public URL to the provider as options', () => {
    expect(sourceOf({ provider: 'osigu', environment: 'sandbox' }).options).toStrictEqual({ environment: 'sandbox' });
    const publicUrl = 'https://hooks.example.com/honeybee?a=1';
    expect(sourceOf({ provider: 'honeybee', publicUrl }).options).toStrictEqual({ publicUrl });
    expect(sourceOf({ provider: 'honeybee' }).options).toStrictEqual({});
  });

  it('has its handler as an absolute path', () => {
    const handler = sourceOf({ provider: 'nabla', handler: './hookgate.config.ts' }).handler;
    expect(handler).toBe(`${REPOSITORY}hookgate.config.ts`);
  });

  it('takes addresses and ranges of either version', () => {
    const allowList = ['203.0.113.7', '203.0.113.0/24', '2001:db8::1', '2001:db8::/32'];
    expect(sourceOf({ provider: 'nabla', allowList }).allowList).toStrictEqual(allowList);
  });
});

describe("a provider's options", () => {
  const specs: Record<string, OptionSpec> = {
    tenant: { type: 'string', description: '', pattern: /^t-\d+$/ },
    region: { type: 'choice', description: '', choices: ['eu', 'us'], default: 'eu' },
    api: { type: 'url', description: '', default: 'https://api.example.com/v1' },
    pageSize: { type: 'integer', description: '', default: 100, min: 1, max: 500 },
    strict: { type: 'boolean', description: '', default: false },
  };
  const registry = new Map<string, Provider>([['acme', { ...nabla, name: 'acme', options: specs }]]);

  it('have their defaults', () => {
    expect(sourceOf({ provider: 'acme' }, registry).options).toStrictEqual({
      ...{ region: 'eu', api: 'https://api.example.com/v1', pageSize: 100, strict: false },
    });
  });

  it('are taken where they are valid', () => {
    const options = { tenant: 't-1', region: 'us', api: 'http://127.0.0.1:8080/', pageSize: 500, strict: true };
    expect(sourceOf({ provider: 'acme', options }, registry).options).toStrictEqual(options);
  });

  it('are refused where the provider has them not', () => {
    expect(() => sourceOf({ provider: 'acme', options: { pageSze: 5 } }, registry)).toThrow(
      'sources.it.options: unknown key "pageSze"; allowed: tenant, region, api, pageSize, strict; did you mean "pageSize"?',
    );
  });

  it.each<[string, string | number | boolean, string]>([
    ['tenant', '7', 'must match ^t-\\d+$; given: "7"'],
    ['region', 'es', 'must be one of "eu", "us"; given: "es"; did you mean "eu"?'],
    [
      'api',
      'http://api.example.com',
      'must be an absolute https URL without a fragment; given: "http://api.example.com"',
    ],
    ['pageSize', 501, 'must be a whole number from 1 to 500; given: 501'],
    ['strict', 1, 'must be true or false; given: 1'],
  ])('are refused where they are not (%s)', (name, value, problem) => {
    expect(() => sourceOf({ provider: 'acme', options: { [name]: value } }, registry)).toThrow(
      `sources.it.options.${name}: ${problem}`,
    );
  });
});

describe('the log periods', () => {
  it('are those of CloudWatch Logs', () => {
    const offered = Object.values(RetentionDays).filter((days) => typeof days === 'number');
    expect([...LOG_DAYS, RetentionDays.INFINITE]).toStrictEqual(offered);
  });
});
