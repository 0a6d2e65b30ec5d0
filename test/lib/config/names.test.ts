import { describe, expect, it } from '@jest/globals';
import { ConfigError, resolveConfig } from '../../../lib/config/config.ts';
import type { Settings } from '../../../lib/config/settings.ts';
import { pascalCase, stackName } from '../../../lib/config/stack-names.ts';
import { OWN_VARIABLES_BYTES } from '../../../lib/config/variables.ts';
import { isAllowed, Statement } from '../../../local/api/resource-policy.ts';
import { allowListPolicy } from '../../../lib/config/allow-list.ts';
import { resourcesOf, synthesize } from '../synth.ts';

const sources = { osigu: { provider: 'osigu' } };
const OPTUM = {
  baseUrl: 'https://api.example.com',
  tokenUrl: 'https://login.example.com/token',
  tenantId: 'tenant',
  subscriptionId: 'subscription',
};
const WHOLE = { provider: 'optum', options: OPTUM, silenceAlarmHours: 1 };

function problems(settings: unknown): readonly string[] {
  try {
    resolveConfig(settings as Settings);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
}

describe('the name of a source', () => {
  it.each(['api', 'bus', 'event-bus', 'constructor'])('%s is taken by the gateway itself', (name) => {
    expect(problems({ sources: { [name]: { provider: 'osigu' } } })).toStrictEqual([
      `sources.${name}: the name ${JSON.stringify(name)} is taken by the gateway itself: choose another one`,
    ]);
  });

  const template = synthesize({ sources: { 'x-y': WHOLE } });
  const resources = Object.keys(resourcesOf(template));
  const outputs = Object.keys(template.toJSON().Outputs as object);
  const mine = (ids: readonly string[]) => ids.filter((id) => id.startsWith('XY')).map((id) => id.slice(2));
  const shared = (ids: readonly string[]) => ids.filter((id) => !id.startsWith('XY'));
  const spaces = [resources, outputs].map((ids) => ({ mine: mine(ids), shared: new Set(shared(ids)) }));

  /** Every name whose ids could start as one of the gateway's own does. */
  const candidates = new Set(
    shared([...resources, ...outputs]).flatMap((id) => {
      const words = id.match(/[A-Z][a-z0-9]*/g) ?? [];
      return words.map((_, index) =>
        words
          .slice(0, index + 1)
          .join('-')
          .toLowerCase(),
      );
    }),
  );

  it('is refused if an id or an output of its parts would be one of the gateway’s own', () => {
    expect(candidates.size).toBeGreaterThan(50);
    const collides = (name: string): boolean =>
      spaces.some(({ mine, shared }) => mine.some((part) => shared.has(pascalCase(name) + part)));
    const refused = (name: string): boolean => problems({ sources: { [name]: { provider: 'osigu' } } }).length > 0;
    const names = [...candidates].filter((name) => name.length <= 32).sort();
    // An earlier version had ids that `api` would have collided with: it stays taken.
    const taken = (name: string): boolean => name === 'api' || collides(name);
    expect(names.filter((name) => refused(name))).toStrictEqual(names.filter((name) => taken(name)));
  });

  it('cannot make the ids of another source: no part is called like the end of another', () => {
    for (const { mine } of spaces) {
      const ends = mine.flatMap((part) => mine.filter((other) => other !== part && other.endsWith(part)));
      expect(ends).toStrictEqual([]);
    }
  });
});

describe('the names of two gateways', () => {
  it('make two stacks: a stage has no hyphen', () => {
    expect(problems({ sources, name: 'hookgate-a', stage: 'b' })).toStrictEqual([]);
    expect(problems({ sources, name: 'hookgate', stage: 'a-b' })).toStrictEqual([
      expect.stringMatching(/^stage: must be lower-case letters and digits, .*; given: "a-b"$/),
    ]);
    const names = ['a', 'b', 'ab', 'a-b', 'b-a', 'a-b-a'];
    const valid = names
      .flatMap((name) => names.map((stage) => ({ name, stage })))
      .filter((pair) => problems({ sources, ...pair }).length === 0);
    expect(new Set(valid.map(stackName)).size).toBe(valid.length);
  });
});

describe('a stage that looks like production', () => {
  it.each(['prd', 'live', 'prod2', 'production1', 'preprod', 'nonprod'])('has to say whether it is (%s)', (stage) => {
    expect(problems({ sources, stage })).toStrictEqual([
      `production: must be stated (true or false) because the stage "${stage}" looks like production; it is missing`,
    ]);
    for (const production of [true, false]) expect(problems({ sources, stage, production })).toStrictEqual([]);
  });

  it.each(['prod', 'production', 'dev', 'staging'])('need not, if it is clear (%s)', (stage) => {
    expect(problems({ sources, stage })).toStrictEqual([]);
  });
});

describe('what does not fit is said before anything is built', () => {
  const addresses = (count: number) =>
    Array.from({ length: count }, (_, n) => `203.0.${113 + (n >> 7)}.${100 + (n & 127)}`);

  it('more sources than a gateway can hold, with their number', () => {
    const many = (count: number, source: { readonly provider: string }) =>
      problems({ sources: Object.fromEntries(Array.from({ length: count }, (_, n) => [`s${n}`, source])) });
    for (const provider of ['osigu', 'optum']) {
      expect(many(120, { provider })).toStrictEqual([]);
      expect(many(121, { provider })).toStrictEqual([
        'sources: a gateway can hold 120 of such sources; given: 121; put the others into a second gateway with another `name`',
      ]);
    }
  });

  it('an address twice', () => {
    const alarms = { critical: ['a@example.com', 'b@example.com', 'A@example.com'] };
    expect(problems({ sources, alarms })).toStrictEqual([
      'alarms.critical.2: is in the list already, as element 0; given: "A@example.com"',
    ]);
    expect(problems({ sources, alarms: { critical: ['a@b.c'], warning: ['a@b.c'] } })).toStrictEqual([]);
  });

  it('an address with a zone', () => {
    const allowList = ['fe80::1%eth0'];
    expect(problems({ sources: { osigu: { provider: 'osigu', allowList } } })).toStrictEqual([
      expect.stringMatching(/^sources\.osigu\.allowList\.0: must be an IPv4 or IPv6 address/),
    ]);
  });

  it('allow lists longer than the resource policy', () => {
    const settings = (count: number) => ({
      sources: { osigu: { provider: 'osigu', allowList: addresses(count) }, nabla: { provider: 'nabla' } },
    });
    expect(problems(settings(500))).toStrictEqual([
      expect.stringMatching(
        /^sources: all allow lists together must fit into the 8192 characters .*; given: \d{4} characters, addresses of osigu \(500\)/,
      ),
    ]);
    const most =
      Array.from({ length: 501 }, (_, count) => count).findLast(
        (count) => count === 0 || problems(settings(count)).length === 0,
      ) ?? 0;
    expect(most).toBeGreaterThan(400);
    const length = (count: number) => JSON.stringify(allowListPolicy(resolveConfig(settings(count)).sources)).length;
    expect(length(most)).toBeLessThanOrEqual(8192);
    const { Policy } =
      Object.values(resourcesOf(synthesize(settings(most)), 'AWS::ApiGateway::RestApi'))[0]?.Properties ?? {};
    expect(JSON.stringify(Policy)).toHaveLength(length(most));
  });

  it('no number of sources without a list, and each of them stays open, as no source with a list does', () => {
    const open = Array.from({ length: 117 }, (_, index) => `a-source-of-a-hospital-${index}`);
    const guarded = ['a-source-of-a-hospital-5x', 'a-source-of-a-hospita', 'b'];
    const allowList = ['203.0.113.0/24'];
    const all = [...open.map((name) => ({ name })), ...guarded.map((name) => ({ name, allowList }))];
    const given = Object.fromEntries(all.map(({ name, ...list }) => [name, { provider: 'osigu', ...list }]));
    expect(problems({ sources: given })).toStrictEqual([]);
    const policy = Statement.array().parse(allowListPolicy(all)?.Statement);
    const isOpen = (name: string): boolean =>
      isAllowed(policy, { sourceIp: '198.51.100.7', methodPath: `dev/POST/webhooks/${name}` });
    expect(open.filter((name) => !isOpen(name))).toStrictEqual([]);
    expect(guarded.filter(isOpen)).toStrictEqual([]);
    expect(isAllowed(policy, { sourceIp: '203.0.113.7', methodPath: 'dev/POST/webhooks/b' })).toBe(true);
  });

  it('a public URL or options longer than the environment of a function', () => {
    const publicUrl = `https://example.com/${'x'.repeat(5000)}`;
    expect(problems({ sources: { h: { provider: 'honeybee', publicUrl } } })).toStrictEqual([
      'sources.h: options and URLs must take 2048 bytes at most, as JSON, to fit into a function\'s environment; given: 5036 bytes, the longest is "publicUrl"',
    ]);
  });

  it('and everything else in an environment leaves room for the options', () => {
    const name = 'n'.repeat(32);
    const template = synthesize({ name: 'g'.repeat(20), stage: 's'.repeat(20), sources: { [name]: WHOLE } });
    for (const { Properties } of Object.values(resourcesOf(template, 'AWS::Lambda::Function'))) {
      const { Variables } = Properties.Environment as { Variables: Record<string, unknown> };
      const own = Object.entries(Variables).filter(([variable]) => variable !== 'HOOKGATE_OPTIONS');
      // A reference stands for an ARN or a URL: none is longer than this.
      const bytes = own.map(([variable, value]) => variable.length + (typeof value === 'string' ? value.length : 200));
      expect(bytes.reduce((sum, one) => sum + one, 0)).toBeLessThan(OWN_VARIABLES_BYTES);
    }
  });

  it.each([undefined, null, 7, 'text'])('a configuration that is none (%j)', (settings) => {
    expect(problems(settings)).toStrictEqual([expect.stringMatching(/^must be an object; /)]);
  });
});
