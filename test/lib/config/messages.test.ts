import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { providers } from '../../../lambdas/providers/index.ts';
import { ConfigError, resolveConfig } from '../../../lib/config/config.ts';
import type { Settings } from '../../../lib/config/settings.ts';

const PROVIDERS = [...providers.keys()].map((name) => `"${name}"`).join(', ');
const NAME = 'lower-case letters, digits and hyphens, a letter first,';
const RANGE = 'must be an IPv4 or IPv6 address, or a range such as "203.0.113.0/24"';
const URL_RULE = 'must be an absolute https URL without a fragment';

/** The problems that a configuration has; it may be anything that a person can write. */
function problemsOf(settings: unknown): readonly string[] {
  try {
    resolveConfig(settings as Settings, { root: import.meta.dirname });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const source = (settings: object, name = 'nabla') => ({ sources: { [name]: { provider: 'nabla', ...settings } } });
const ok = source({}).sources;

function inItself(): unknown {
  const settings: Record<string, unknown> = { sources: ok };
  settings.stage = settings;
  return settings;
}

function revoked(): unknown {
  const { proxy, revoke } = Proxy.revocable({}, {});
  revoke();
  return { sources: proxy };
}

describe('what is wrong with a configuration', () => {
  it.each<[what: string, settings: unknown, problem: unknown]>([
    ['no configuration', [], 'must be an object; given: []'],
    ['no sources', {}, 'sources: must be an object of sources by name; it is missing'],
    ['empty sources', { sources: {} }, 'sources: must have at least one source; given: {}'],
    [
      'mistyped setting',
      { sources: ok, stag: 'dev' },
      'unknown key "stag"; allowed: name, stage, production, maxBodyBytes, retention, archive, alarms, docsUrl, throttle, waf, apiGatewayAccountRole, domain, retry, breaker, selfRepair, gradual, verifier, processor, sources; did you mean "stage"?',
    ],
    [
      'stage',
      { sources: ok, stage: 'Dev' },
      'stage: must be lower-case letters and digits, a letter first, 20 characters at most (hyphens only in `name`: both make the name of the stack); given: "Dev"',
    ],
    ['production', { sources: ok, production: 'yes' }, 'production: must be true or false; given: "yes"'],
    [
      'body larger than what Lambda takes',
      { sources: ok, maxBodyBytes: 5_000_000 },
      'maxBodyBytes: must be a whole number from 1024 to 4669440; given: 5000000',
    ],
    [
      'archive that keeps nothing',
      { sources: ok, archive: { retentionDays: 0 } },
      'archive.retentionDays: must be a whole number from 1 to 3650; given: 0',
    ],
    [
      'retention that SQS has not',
      { sources: ok, retention: { queueDays: 15 } },
      'retention.queueDays: must be a whole number from 1 to 14; given: 15',
    ],
    [
      'retention that CloudWatch has not',
      { sources: ok, retention: { logDays: 100 } },
      'retention.logDays: must be one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653; given: 100',
    ],
    [
      'fraction',
      { sources: ok, processor: { timeoutSeconds: 7.5 } },
      'processor.timeoutSeconds: must be a whole number from 5 to 900; given: 7.5',
    ],
    [
      'unknown key of a section',
      { sources: ok, processor: { memory: 512 } },
      'processor: unknown key "memory"; allowed: timeoutSeconds, batchSize, batchingWindowSeconds, maxConcurrency, reservedConcurrency',
    ],
    ['name of a source', source({}, 'Nabla'), `sources.Nabla: the name must be ${NAME} 32 characters at most`],
    ['source that is no object', { sources: { nabla: 'nabla' } }, 'sources.nabla: must be an object; given: "nabla"'],
    [
      'provider that is missing',
      { sources: { nabla: {} } },
      `sources.nabla.provider: must be one of ${PROVIDERS}; it is missing`,
    ],
    [
      'provider that is mistyped',
      source({ provider: 'osgiu' }),
      `sources.nabla.provider: must be one of ${PROVIDERS}; given: "osgiu"; did you mean "osigu"?`,
    ],
    [
      'provider that is unknown',
      source({ provider: 'nobody' }),
      `sources.nabla.provider: must be one of ${PROVIDERS}; given: "nobody"`,
    ],
    [
      'window shorter than the retries',
      source({ provider: 'nvsep', windowDays: 8 }, 'nvsep'),
      'sources.nvsep.windowDays: must be at least 9: NVSEP goes on retrying for 8.4 days, and a later retry would be processed as a new event; given: 8',
    ],
    ['window', source({ windowDays: 0 }), 'sources.nabla.windowDays: must be a whole number from 1 to 3650; given: 0'],
    [
      'handler that does not exist',
      source({ handler: './nowhere.ts' }),
      'sources.nabla.handler: must be a file that exists; given: "./nowhere.ts"',
    ],
    [
      'handler that is no code',
      source({ handler: './handler.py' }),
      'sources.nabla.handler: must be the path of a module, .ts or .js (.cts or .cjs if it is CommonJS); given: "./handler.py"',
    ],
    [
      'public URL where it is not signed',
      source({ publicUrl: 'https://example.com' }),
      expect.stringMatching(
        /^sources\.nabla: unknown key "publicUrl"; allowed: provider, .*; Nabla does not sign the URL$/,
      ),
    ],
    [
      'public URL',
      source({ provider: 'honeybee', publicUrl: 'example.com/hook' }),
      `sources.nabla.publicUrl: ${URL_RULE}; given: "example.com/hook"`,
    ],
    [
      'environment where there is none',
      source({ environment: 'sandbox' }),
      expect.stringMatching(
        /^sources\.nabla: unknown key "environment"; allowed: .*; events of Nabla name no environment$/,
      ),
    ],
    [
      'environment',
      source({ provider: 'osigu', environment: 'sandbx' }),
      'sources.nabla.environment: must be one of "production", "sandbox"; given: "sandbx"; did you mean "sandbox"?',
    ],
    [
      'option of a provider that has none',
      source({ options: { a: 1 } }),
      'sources.nabla.options: unknown key "a"; allowed: none',
    ],
    [
      'option',
      source({ provider: 'optum', options: { answerChallenge: 'no' } }),
      'sources.nabla.options.answerChallenge: must be true or false; given: "no"',
    ],
    [
      'allow list that lets nobody in',
      source({ allowList: [] }),
      'sources.nabla.allowList: must name at least one address; leave it out to let every address in; given: []',
    ],
    [
      'allow list that is no list',
      source({ allowList: '203.0.113.7' }),
      'sources.nabla.allowList: must be a list of addresses; given: "203.0.113.7"',
    ],
    ['address', source({ allowList: ['10.0.0.256'] }), `sources.nabla.allowList.0: ${RANGE}; given: "10.0.0.256"`],
    [
      'range of every address',
      source({ allowList: ['10.0.0.1', '0.0.0.0/0'] }),
      `sources.nabla.allowList.1: ${RANGE}; given: "0.0.0.0/0"`,
    ],
    [
      'too long a prefix',
      source({ allowList: ['10.0.0.0/33'] }),
      `sources.nabla.allowList.0: ${RANGE}; given: "10.0.0.0/33"`,
    ],
    [
      'names that are one in the template',
      { sources: { 'a-b': { provider: 'nabla' }, ab: { provider: 'nabla' } } },
      'sources.ab: the name must differ from "a-b" in more than hyphens',
    ],
    [
      'value too long to show',
      source({ handler: 'x'.repeat(100) }),
      `sources.nabla.handler: must be the path of a module, .ts or .js (.cts or .cjs if it is CommonJS); given: "${'x'.repeat(59)}…`,
    ],
  ])('%s', (_what, settings, problem) => {
    expect(problemsOf(settings)).toStrictEqual([problem]);
  });

  it.each<[what: string, settings: () => unknown, problem: string]>([
    ['a large integer', () => ({ sources: ok, stage: 10n }), 'stage: must be lower-case letters'],
    [
      'NaN',
      () => ({ sources: ok, throttle: { burst: NaN } }),
      'throttle.burst: must be a whole number from 1 to 5000; given: NaN',
    ],
    ['a symbol', () => ({ sources: ok, stage: Symbol('x') }), 'given: symbol'],
    ['an object in itself', inItself, 'stage: must be lower-case letters'],
    [
      'a getter that throws',
      () => ({
        sources: ok,
        get stage() {
          throw new RangeError('no');
        },
      }),
      'stage: cannot be read: RangeError: no',
    ],
    ['a proxy that is revoked', revoked, 'sources: cannot be read: TypeError'],
  ])('is said of %s too', (_what, settings, problem) => {
    expect(problemsOf(settings())).toStrictEqual([expect.stringContaining(problem)]);
  });

  it('is a ConfigError, whatever the configuration is', () => {
    const names = Object.keys({
      ...source({}),
      name: 1,
      stage: 1,
      retention: 1,
      alarms: 1,
      retry: 1,
      domain: 1,
      waf: 1,
    });
    const keys = fc.constantFrom(...names, 'nabla', 'provider', 'handler', 'targets', 'options', 'logDays', 'critical');
    const odd = fc.constantFrom<(() => unknown)[]>(
      ...[() => 10n, () => Symbol('x'), () => NaN, () => -0, () => new Date(NaN), () => () => 1, inItself, revoked],
      ...[
        () => new Map([[1, 2n]]),
        () =>
          new Proxy(
            {},
            {
              get: () => {
                throw new TypeError('no');
              },
            },
          ),
        () => Object.create(null) as unknown,
      ],
      ...[
        () => ({
          toJSON: () => {
            throw new Error('no');
          },
        }),
        () => 'nabla',
        () => new Error('x'),
        () => [1n, [2n]],
        () => source({}),
      ],
    );
    const leaf = fc.oneof(
      odd.map((make) => make()),
      fc.anything({ withBigInt: true, withNullPrototype: true, withMap: true, withDate: true }),
    );
    const { settings } = fc.letrec((tie) => ({
      settings: fc.oneof({ depthSize: 'small' }, leaf, fc.dictionary(keys, tie('settings'), { maxKeys: 4 })),
    }));
    fc.assert(
      fc.property(settings, (given) => void problemsOf(given)),
      { numRuns: 60 },
    );
    fc.assert(
      fc.property(keys, settings, (key, given) => void problemsOf({ ...source({}), [key]: given })),
      { numRuns: 60 },
    );
    fc.assert(
      fc.property(keys, settings, (key, given) => void problemsOf(source({ [key]: given }))),
      { numRuns: 60 },
    );
  });

  it('comes all at once, one problem a line', () => {
    const settings = { stage: '', sources: { optum: { provider: 'optum', windowDays: -1, url: 'x' }, nabla: {} } };
    const problems = problemsOf(settings);
    expect(problems).toHaveLength(4);
    expect(new ConfigError(problems).message.split('\n')).toHaveLength(5);
  });
});
