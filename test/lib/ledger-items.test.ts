import { describe, expect, it } from '@jest/globals';
import { providers } from '../../lambdas/providers/index.ts';
import { statementsOf, synthesize } from './synth.ts';

const OPTUM = {
  ...{ baseUrl: 'https://api.example.com', tokenUrl: 'https://login.example.com/token' },
  ...{ tenantId: 'tenant', subscriptionId: 'subscription' },
};

/** The kinds of items that a role may use, each with its owner. */
function kindsOf(template: ReturnType<typeof synthesize>, role: string): string[] {
  const found = statementsOf(template, role).flatMap(({ Condition }) => {
    const { 'ForAllValues:StringLike': like } = (Condition ?? {}) as Record<string, Record<string, string | string[]>>;
    return [like?.['dynamodb:LeadingKeys'] ?? []].flat();
  });
  return [...new Set(found.map((key) => key.replace(/#\*$/, '')))].sort();
}

describe('the items of the ledger that a role may use', () => {
  const template = synthesize({
    sources: {
      optum: {
        ...{ provider: 'optum', options: OPTUM, handler: './examples/eligibility-handler.ts' },
        targets: [{ name: 'billing', kind: 'http', url: 'https://billing.example.com/' }],
      },
    },
  });
  const bound = providers.get('optum')?.identity === 'unsigned header' ? ['body#optum'] : [];

  it.each([
    ['OptumVerifierRole', [...bound, 'event#optum']],
    ['OptumPollerRole', ['alias#optum', ...bound, 'cursor#optum', 'event#optum']],
    ['OptumProcessorRole', ['alias#optum', 'breaker#optum', 'event#optum', 'event#optum.billing']],
    ['OptumToBillingProcessorRole', ['breaker#optum.billing', 'event#optum.billing']],
  ])('%s: %j', (role, kinds) => {
    expect(kindsOf(template, role)).toStrictEqual(kinds);
  });
});
