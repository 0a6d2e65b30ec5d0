import { describe, expect, it } from '@jest/globals';
import { OperatorError } from '../../cli/operator-error.ts';
import type { Inspection } from '../../cli/send/inspection.ts';
import { defineProvider } from '../../lambdas/core/provider.ts';
import { providerNamed, providers } from '../../lambdas/providers/index.ts';
import { resolveConfig } from '../../lib/config/config.ts';
import { hasEveryProvider, withEveryProvider } from '../../local/every-provider.ts';
import settings from '../settings.ts';

const acme = defineProvider({ ...providerNamed('elation'), name: 'acme', title: 'Acme' });
const own = new Map([['./acme.ts', { provider: acme, file: { path: '/providers/acme.ts', exportName: 'default' } }]]);
const sources = {
  pay: { provider: 'stripe', handler: './handler.ts' },
  ours: { provider: './acme.ts', handler: './handler.ts', windowDays: 20 },
};
const every = resolveConfig(withEveryProvider({ sources }), { own: { own, flaws: new Map() } });

/** A running gateway that has these sources. */
const running = (names: readonly string[]): Inspection => ({
  events: () => Promise.resolve([]),
  bus: () => Promise.resolve([]),
  queue: (name) => Promise.resolve(names.includes(name) ? { visible: 0, inFlight: 0, deadLetters: 0 } : undefined),
});

describe('a gateway that shows every provider', () => {
  it('has a source per provider, named after it, and the sources of the customer’s own providers', () => {
    expect(every.sources.map(({ name }) => name)).toEqual(['ours', ...providers.keys()]);
    expect(new Set(every.sources.map(({ provider }) => provider))).toEqual(new Set([acme, ...providers.values()]));
  });

  it('does nothing but publish, and leaves the rest of a source as it is', () => {
    expect(every.sources.filter(({ handler }) => handler !== undefined)).toEqual([]);
    expect(every.sources.find(({ name }) => name === 'ours')).toMatchObject({ windowSeconds: 20 * 86_400 });
  });
});

describe('the running gateway', () => {
  const names = every.sources.map(({ name }) => name);

  it('is taken if it has a source per provider', async () => {
    expect(await hasEveryProvider(every, running(names))).toBe(true);
  });

  it('is not taken if its configuration lacks a provider, or it runs another one', async () => {
    expect(await hasEveryProvider(resolveConfig(settings), running(names))).toBe(false);
    expect(await hasEveryProvider(every, running(names.slice(1)))).toBe(false);
  });

  it('is not taken if there is none', async () => {
    const none = { ...running(names), queue: () => Promise.reject(new OperatorError('Nothing listens.')) };
    expect(await hasEveryProvider(every, none)).toBe(false);
  });
});
