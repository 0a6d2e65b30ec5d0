import { describe, expect, it, jest } from '@jest/globals';
import type { Delivery } from '../../lambdas/core/delivery.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import {
  delivery,
  headerOf,
  later,
  NOW,
  ownScheme,
  refusal,
  sampled,
  secret,
  SECRET,
  secretsOf,
  signed,
  URL_OF_SOURCE,
  withHeader,
} from '../lambdas/providers/deliveries.ts';

/** A delivery as an SDK takes it. */
export interface Presented {
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly text: string;
  readonly url: string;
  /** As the vendor's console shows it. */
  readonly secret: string;
}

/** A vendor's own code, which says independently of ours whether a delivery is authentic. */
export interface Oracle {
  readonly provider: Provider;
  /** Whether the SDK takes the delivery. To throw is to refuse. */
  readonly accepts: (presented: Presented) => unknown;
  /** The headers that the SDK signs a body with, if it can sign. */
  readonly signs?: (input: {
    readonly text: string;
    readonly secret: string;
    readonly now: Date;
    readonly url: string;
  }) => Record<string, string> | Promise<Record<string, string>>;
  /** The cases that the SDK is known to judge otherwise than we do, and why. Each is held: the day it is mended, the test says so. */
  readonly differences?: Partial<Record<Case, string>>;
}

const CASES = {
  'a sample': () => undefined,
  'text beyond ASCII': ({ sign }) => sign(Buffer.from('{"id":"ü","note":"naïve ☕ 😀"}')),
  'line breaks at the end': ({ sign }) => sign(Buffer.from('{"id":"1"}\r\n')),
  'bytes that are not UTF-8': ({ sign }) => sign(Buffer.from([0x7b, 0xff, 0xfe, 0x7d])),
  'another body': ({ valid }) => ({ ...valid, body: Buffer.concat([valid.body.subarray(0, -1), Buffer.from(' ')]) }),
  'a byte more': ({ valid }) => ({ ...valid, body: Buffer.concat([valid.body, Buffer.from('\n')]) }),
  'another secret': ({ sign, body, another }) => sign(body, { secrets: [another] }),
  'no signature': ({ valid, name }) => withHeader(valid, name, undefined),
  'an empty signature': ({ valid, name }) => withHeader(valid, name, ['']),
  'a signature cut short': ({ valid, name }) => withHeader(valid, name, [headerOf(valid, name).slice(0, -8)]),
  'a character more': ({ valid, name }) => withHeader(valid, name, [`${headerOf(valid, name)}0`]),
  'a signature in upper case': ({ valid, name }) => withHeader(valid, name, [inUpperCase(headerOf(valid, name))]),
  'an hour old': ({ sign, body }) => sign(body, { now: later(-3600) }),
  'an hour ahead': ({ sign, body }) => sign(body, { now: later(3600) }),
  'a minute old': ({ sign, body }) => sign(body, { now: later(-60) }),
  'a minute ahead': ({ sign, body }) => sign(body, { now: later(60) }),
} satisfies Record<string, (made: Made) => Delivery | undefined>;

export type Case = keyof typeof CASES;

interface Made {
  readonly valid: Delivery;
  readonly body: Buffer;
  /** The header of the signature. */
  readonly name: string;
  /** Another secret than the one that signs. */
  readonly another: string;
  readonly sign: (body: Buffer, input?: { readonly secrets?: readonly [string]; readonly now?: Date }) => Delivery;
}

/** The last run of digits and letters in a header, in upper case if it is hex: names of parts stay as they are. */
const inUpperCase = (text: string): string => text.replace(/[\da-f]{40,}$/, (hex) => hex.toUpperCase());

/** Runs a provider against its vendor's own code: what one takes the other takes, but for the differences that are written down. */
export function agrees(what: string, { provider, accepts, signs, differences = {} }: Oracle): void {
  const { body, headers } = sampled(provider);
  const { stored } = secretsOf(provider);
  const sign: Made['sign'] = (of, input = {}) => signed(provider, of, { headers, ...input });
  const carrier = ownScheme(provider).headers.find(({ carries }) => carries === 'signature');
  const made: Made = {
    ...{ valid: sign(body), body, sign, another: secretsOf(provider, 'another').signing },
    name: carrier?.name ?? '',
  };
  const ask = async (of: Delivery): Promise<boolean> => {
    const sent = Object.fromEntries([...of.headers].map(([name, [value = '']]) => [name, value]));
    const presented = { headers: sent, body: of.body, text: of.body.toString(), url: of.url, secret: stored };
    jest.useFakeTimers({ now: NOW, doNotFake: [...REAL] });
    try {
      return Boolean(await accepts(presented));
    } catch {
      return false;
    } finally {
      jest.useRealTimers();
    }
  };

  describe(`${provider.name}, against ${what}`, () => {
    it.each(Object.entries(CASES))('%s', async (name, make) => {
      const of = make(made) ?? made.valid;
      const ours = refusal(provider, of) === 'accepted';
      const theirs = await ask(of);
      const reason = differences[name as Case];
      expect({ theirs, difference: reason }).toEqual({
        theirs: reason === undefined ? ours : !ours,
        difference: reason,
      });
    });

    it('is not the same for everything', async () => {
      expect(await ask(made.valid)).toBe(true);
      expect(await ask(CASES['another body'](made))).toBe(false);
    });

    if (signs)
      it('takes what the SDK signs', async () => {
        for (const text of [body.toString(), '{"note":"naïve ☕"}\r\n', '{}']) {
          const theirs = await signs({ text, secret: secretsOf(provider).signing, now: NOW, url: URL_OF_SOURCE });
          expect(refusal(provider, delivery({ ...headers, ...theirs }, text, { url: URL_OF_SOURCE }))).toBe('accepted');
          expect(refusal(provider, delivery({ ...headers, ...theirs }, `${text} `))).toBe('signature_mismatch');
          const others = [secret(secretsOf(provider, `${SECRET}, another`).stored)];
          expect(refusal(provider, delivery({ ...headers, ...theirs }, text), { secrets: others })).toBe(
            'signature_mismatch',
          );
        }
      });
  });
}

/** Timers that an SDK may wait for: only the date is ours. */
const REAL = [
  ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
  ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
];

/**
 * Loads a package of test/vendors/package.json. Its types are not asked for: the packages are not there for the compiler. `Shape` is
 * the part that a test uses, as the package documents it.
 */
export async function load<Shape>(name: string): Promise<Shape> {
  const module = (await import(name)) as { readonly default?: Shape } & Shape;
  return { ...module.default, ...module };
}
