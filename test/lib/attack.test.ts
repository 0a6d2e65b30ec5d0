import { describe, expect, it } from '@jest/globals';
import { LEAST_ADDRESSES, outcomeOf } from './flood.ts';
import type { Defence, Flood } from './flood.ts';
import { resource, resourcesOf, synthesize } from './synth.ts';

interface Rule {
  readonly Name: string;
  readonly Statement: { readonly RateBasedStatement?: { readonly Limit: number } };
}

const template = synthesize();
const limitOf = (name: string): number => {
  const rules = resource(template, 'Firewall').Properties.Rules as readonly Rule[];
  return rules.find(({ Name }) => Name === name)?.Statement.RateBasedStatement?.Limit ?? Infinity;
};
const [stage] = Object.values(resourcesOf(template, 'AWS::ApiGateway::Stage'));
const [throttle] = (stage?.Properties.MethodSettings ?? []) as readonly Record<string, number>[];

/** The defence as the template has it. */
const defence: Defence = {
  requestsPerSecond: throttle?.ThrottlingRateLimit ?? 0,
  burst: throttle?.ThrottlingBurstLimit ?? 0,
  perAddress: limitOf('RatePerAddress'),
  unsigned: limitOf('RateOfUnsigned'),
};

/** The defence of 0.1: one limit per address, as high as the throttle; nothing on what cannot be authentic. */
const before: Defence = { ...defence, perAddress: 300 * defence.requestsPerSecond, unsigned: Infinity };

/** A source is held down if fewer than half of its provider's deliveries get through. */
const holdsDown = (against: Defence, flood: Flood): boolean => outcomeOf(against, flood).delivered < 0.5;

describe('a flood from some addresses, over an hour', () => {
  it('of ten held a source down before, and none of them was blocked', () => {
    const flood: Flood = { addresses: 10, perSecond: 60, signed: true };
    const { delivered, blocked } = outcomeOf(before, flood);
    expect(delivered).toBeLessThan(0.5);
    expect(blocked).toBe(0);
  });

  it.each([
    ['unsigned', false],
    ['with a header that looks like a signature', true],
  ])('of ten does not hold a source down any more, as fast as they may be (%s)', (_what, signed) => {
    for (const perSecond of [1, 10, 60, 200, 1000]) {
      expect(outcomeOf(defence, { addresses: 10, perSecond, signed }).delivered).toBeGreaterThan(0.9);
    }
  });

  it('takes some tens of addresses with a made-up signature, and hundreds without one', () => {
    const least = (signed: boolean): number =>
      LEAST_ADDRESSES.find((addresses) =>
        [0.3, 1, 5, 9.9, 10, 60].some((perSecond) => holdsDown(defence, { addresses, perSecond, signed })),
      ) ?? Infinity;
    expect(least(true)).toBeGreaterThanOrEqual(40);
    expect(least(false)).toBeGreaterThanOrEqual(600);
  });

  it('by another method takes nothing of a source’s throttle: each method has its own', () => {
    const methods = Object.values(resourcesOf(template, 'AWS::ApiGateway::Method')).map(
      ({ Properties }) => Properties.HttpMethod,
    );
    expect(new Set(methods)).toStrictEqual(new Set(['POST', 'OPTIONS']));
  });
});
