import { describe, expect, it } from '@jest/globals';
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

  it.each([
    ['OptumVerifierRole', ['event#optum']],
    ['OptumPollerRole', ['alias#optum', 'cursor#optum', 'event#optum']],
    ['OptumProcessorRole', ['alias#optum', 'breaker#optum', 'event#optum', 'event#optum.billing']],
    ['OptumToBillingProcessorRole', ['breaker#optum.billing', 'event#optum.billing']],
  ])('%s: %j', (role, kinds) => {
    expect(kindsOf(template, role)).toStrictEqual(kinds);
  });
});

describe('a body that is bound to its id', () => {
  const template = synthesize({
    sources: {
      github: { provider: 'github' },
      signed: { provider: 'generic', options: { idHeader: 'x-id' } },
      bearer: { provider: 'generic', options: { scheme: 'bearer', idHeader: 'x-id' } },
      token: { provider: 'gitlab' },
      signature: { provider: 'gitlab', options: { signing: 'signature' } },
    },
  });

  it.each([
    ['GithubVerifierRole', true],
    ['SignedVerifierRole', true],
    ['BearerVerifierRole', false],
    ['TokenVerifierRole', false],
    ['SignatureVerifierRole', false],
  ])('is an item that the %s may use, and read: %s', (role, isBound) => {
    const bodies = statementsOf(template, role).filter((statement) => JSON.stringify(statement).includes('"body#'));
    const actions = bodies.flatMap(({ Action }) => Action);
    for (const action of ['UpdateItem', 'PutItem', 'GetItem'])
      expect(actions.includes(`dynamodb:${action}`)).toBe(isBound);
    // The state of an event is not for the verifier to read.
    const reads = bodies.filter((statement) => JSON.stringify(statement).includes('GetItem'));
    for (const statement of reads) expect(JSON.stringify(statement)).not.toContain('"event#');
  });
});
