import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import template from '../../examples/new-provider/provider.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import { hmac, plain } from '../../package/schemes.ts';
import { providerChecks } from '../../package/testing.ts';
import { temporaryDirectory } from '../local/temporary.ts';

const directory = temporaryDirectory();
afterAll(() => directory.remove());

/** A delivery as the template has it, with nothing left to fill in. */
beforeAll(() => {
  mkdirSync(join(directory.path, 'acme'));
  const { fillIn, ...recorded } = JSON.parse(readFileSync('examples/new-provider/created.json', 'utf8')) as {
    readonly fillIn: string;
  };
  expect(fillIn).not.toBe('');
  directory.write('acme/created.json', JSON.stringify(recorded));
  directory.write('acme/created.body', readFileSync('examples/new-provider/created.body', 'utf8'));
});

/** The checks that fail, by their names without the delivery's. */
function failures(provider: Provider, folder = join(directory.path, 'acme')): string[] {
  return providerChecks(provider, folder).flatMap(({ name, run }) => {
    try {
      run();
      return [];
    } catch (error) {
      return [`${name}: ${String(error)}`];
    }
  });
}

const { scheme } = template;
if (typeof scheme === 'function') throw new Error('the template has one scheme');

describe('the checks of a provider of one’s own', () => {
  it('all hold for the template and its delivery', () => {
    expect(providerChecks(template, join(directory.path, 'acme')).length).toBeGreaterThan(8);
    expect(failures(template)).toEqual([]);
  });

  it('want a delivery that was signed elsewhere, and say what is to be filled in', () => {
    expect(failures(template, 'examples/new-provider').join()).toContain(
      'the exact bytes of a delivery in created.body',
    );
    expect(failures(template, join(directory.path, 'none')).join()).toContain('no delivery in');
  });

  it('find a scheme that agrees with itself and not with the delivery', () => {
    const signature = { header: 'x-acme-signature', encoding: 'hex', form: plain({ prefix: 'sha256=' }) } as const;
    const wrong: Provider = { ...template, scheme: hmac({ hash: 'sha256', key: 'utf8', signature, signed: ['body'] }) };
    expect(failures(wrong).join()).toContain('it is refused');
  });

  it('find a body that the signature does not cover', () => {
    const body = readFileSync('examples/new-provider/created.body');
    const loose: Provider = {
      ...template,
      scheme: { ...scheme, read: (delivery, context) => scheme.read({ ...delivery, body }, context) },
    };
    expect(failures(loose).join()).toContain('it is accepted with another byte 0 of the body');
  });

  it('find a key that an unsigned header changes', () => {
    const unstable: Provider = {
      ...template,
      readEvents: (received) => ({ key: received.header('x-request-id') ?? 'none', type: 'thing' }),
    };
    expect(failures(unstable).join()).toContain('the unsigned header x-request-id changes the key');
  });

  it('find a signature that nothing checks, and a secret that may be anything', () => {
    const matches = (): boolean => true;
    const open: Provider = {
      ...template,
      scheme: { ...scheme, accepts: () => true, read: () => ({ ok: true, value: { matches } }) },
    };
    const failed = failures(open).join('\n');
    for (const said of ['another signature', 'any secret', 's later', 'is taken for a secret'])
      expect(failed).toContain(said);
  });
});
