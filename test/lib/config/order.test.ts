import { describe, expect, it } from '@jest/globals';
import { FORM } from '../../../lambdas/core/content.ts';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { providers } from '../../../lambdas/providers/index.ts';
import { ConfigError, resolveConfig } from '../../../lib/config/config.ts';
import type { Settings } from '../../../lib/config/settings.ts';

const PATH_RULE =
  'must be the path of a field in the event\'s JSON, its names separated by dots, such as "data.patientId"';

const withOrder = (order: unknown) => ({ sources: { optum: { provider: 'optum', order } } }) as unknown as Settings;

function problemsOf(settings: Settings, all = providers): readonly string[] {
  try {
    resolveConfig(settings, { providers: all });
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

describe('the order of a source', () => {
  it('is none by default', () => {
    expect(resolveConfig({ sources: { optum: { provider: 'optum' } } }).sources[0]).not.toHaveProperty('order');
  });

  it('is by a path, and takes every event unless it says otherwise', () => {
    const orderOf = (order: object) => resolveConfig(withOrder(order)).sources[0]?.order;
    expect(orderOf({ by: 'data.patientId' })).toEqual({ by: 'data.patientId', newestOnly: false });
    expect(orderOf({ by: 'id', newestOnly: true })).toEqual({ by: 'id', newestOnly: true });
    // Names that begin with a sign are in the JSON of some providers.
    for (const by of ['$distinct_id', 'data.$id', '@id', 'data.0.a/b']) expect(orderOf({ by })).toMatchObject({ by });
  });

  it.each<[what: string, order: unknown, problem: string]>([
    ['no object', 'data.patientId', 'order: must be an object; given: "data.patientId"'],
    ['no path', { newestOnly: true }, `order.by: ${PATH_RULE}; it is missing`],
    ['an empty path', { by: '' }, `order.by: ${PATH_RULE}; given: ""`],
    ['an empty name in it', { by: 'data..patientId' }, `order.by: ${PATH_RULE}; given: "data..patientId"`],
    ['a JSONPath', { by: '$.data[*] id' }, `order.by: ${PATH_RULE}; given: "$.data[*] id"`],
    [
      'a JSONPath of one value',
      { by: '$.data.id' },
      `order.by: ${PATH_RULE}; did you mean "data.id"?; given: "$.data.id"`,
    ],
    [
      'a JSONPath with brackets',
      { by: "$['data'][0].id" },
      `order.by: ${PATH_RULE}; did you mean "data.0.id"?; given:`,
    ],
    ['a path with brackets', { by: 'data[0].id' }, `order.by: ${PATH_RULE}; did you mean "data.0.id"?; given:`],
    ['a JMESPath', { by: '@.data.id' }, `order.by: ${PATH_RULE}; did you mean "data.id"?; given:`],
    ['a path of jq', { by: '.data.id' }, `order.by: ${PATH_RULE}; did you mean "data.id"?; given:`],
    ['a JSON pointer', { by: '/data/0/id' }, `order.by: ${PATH_RULE}; did you mean "data.0.id"?; given:`],
    ['a JSONPath of many values', { by: '$.data[*].id' }, `order.by: ${PATH_RULE}; given:`],
    ['the root', { by: '$' }, `order.by: ${PATH_RULE}; given:`],
    ['a long path', { by: 'x'.repeat(201) }, `order.by: ${PATH_RULE}; given:`],
    ['a word for a flag', { by: 'id', newestOnly: 'yes' }, 'order.newestOnly: must be true or false; given: "yes"'],
    ['a mistyped key', { by: 'id', newest: true }, 'order: unknown key "newest"; allowed: by, newestOnly'],
  ])('is refused if it is %s', (_, order, problem) => {
    expect(problemsOf(withOrder(order))).toEqual([expect.stringContaining(`sources.optum.${problem}`)]);
  });

  it('is refused for a provider that sends no JSON', () => {
    const optum = providers.get('optum');
    if (!optum) throw new Error('there is no optum');
    const forms = new Map<string, Provider>([['optum', { ...optum, content: [FORM] }]]);
    expect(problemsOf(withOrder({ by: 'id' }), forms)).toEqual([
      expect.stringContaining('sends no JSON, so its events have no field to order them by'),
    ]);
  });
});
