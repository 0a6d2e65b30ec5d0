import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { secretVariable } from '../../../cli/local-gateway.ts';
import { targetName } from '../../../lambdas/core/target.ts';
import { ConfigError, resolveConfig } from '../../../lib/config/config.ts';
import { alarmName, pascalCase, verifierName } from '../../../lib/config/stack-names.ts';
import { secretName } from '../../../lib/constructs/names.ts';

const FILE = './examples/eligibility-handler.ts';
const word = fc.constantFrom('a', 'b', 'to', 'a-b', 'b-a', 'a-to-b', 'to-b', 'a--b', 'ato', 'tob');
const variables = fc.uniqueArray(fc.constantFrom('AA', 'BA_AA', 'AB', 'B__AA'), { maxLength: 2 });
const gateway = { name: 'hookgate', stage: 'dev' };

/** Sources by name, with the targets and the handler's secrets of each. */
const choice = fc.dictionary(word, fc.record({ targets: fc.uniqueArray(word, { maxLength: 2 }), secrets: variables }), {
  minKeys: 1,
  maxKeys: 3,
});
type Choice = Readonly<Record<string, { readonly targets: readonly string[]; readonly secrets: readonly string[] }>>;

const isTaken = (given: Choice): boolean => {
  const sources = Object.fromEntries(
    Object.entries(given).map(([name, { targets, secrets }]) => [
      name,
      {
        provider: 'osigu',
        handler: { file: FILE, secrets: Object.fromEntries(secrets.map((variable) => [variable, 'patients/key'])) },
        ...(targets.length > 0 && {
          targets: targets.map((target) => ({ name: target, kind: 'http' as const, url: 'https://example.com/' })),
        }),
      },
    ]),
  );
  try {
    resolveConfig({ ...gateway, sources });
    return true;
  } catch (error) {
    if (error instanceof ConfigError) return false;
    throw error;
  }
};

/** Every name that is made of the names of a source and of something in it, by its kind. */
const MADE: Readonly<Record<string, (name: string) => string>> = {
  'logical ids and outputs': (name) => pascalCase(name).toLowerCase(),
  'verifiers, log groups': (name) => verifierName('hookgate-dev', name),
  alarms: (name) => alarmName('hookgate-dev', 'dead-letters', name),
  secrets: (name) => secretName(gateway, name),
  'variables of secrets': secretVariable,
};

describe('the names that are made of several', () => {
  it('are different for different names, or the configuration is refused', () => {
    let taken = 0;
    fc.assert(
      fc.property(choice, (given) => {
        if (!isTaken(given)) return;
        taken++;
        const names = Object.entries(given).flatMap(([source, { targets }]) => [
          source,
          ...targets.map((target) => targetName(source, target)),
        ]);
        for (const [kind, make] of Object.entries(MADE))
          expect([kind, new Set(names.map(make)).size]).toStrictEqual([kind, names.length]);
        const local = Object.entries(given).flatMap(([source, { secrets }]) =>
          secrets.map((variable) => `${secretVariable(source)}_${variable}`),
        );
        expect(new Set(local).size).toBe(local.length);
      }),
      { numRuns: 300 },
    );
    expect(taken).toBeGreaterThan(30);
  });

  it.each([
    [{ a: { targets: ['b'], secrets: [] }, 'a-b': { targets: [], secrets: [] } }],
    [{ a: { targets: ['b-a'], secrets: [] }, 'a-b': { targets: ['a'], secrets: [] } }],
    [{ a: { targets: [], secrets: ['B_AA'] }, 'a-b': { targets: [], secrets: ['AA'] } }],
  ])('%j is refused', (given) => {
    expect(isTaken(given)).toBe(false);
  });
});
