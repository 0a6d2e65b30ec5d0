import { App, Stack } from 'aws-cdk-lib';
import { describe, expect, it } from '@jest/globals';
import { providers } from '../../lambdas/providers/index.ts';
import { resolveConfig } from '../../lib/config/config.ts';
import { EncryptionKey } from '../../lib/constructs/encryption-key.ts';
import { refuseUnheardAlarms } from '../../lib/constructs/said-at-synth.ts';
import { SigningSecret } from '../../lib/constructs/signing-secret.ts';

it('a source of a provider that is unconfirmed says so at synth, and no other does', () => {
  const stack = new Stack(new App({ analyticsReporting: false }), 'Gateway');
  const key = new EncryptionKey(stack, 'EncryptionKey', { gateway: 'gateway', production: false });
  const warned = [...providers].filter(([name, provider]) => {
    const { node } = new SigningSecret(stack, name, { secretName: name, provider, key, production: false });
    return node.metadata.some(({ data }) => String(data).startsWith(`The provider ${name} is unconfirmed`));
  });
  expect(warned.map(([name]) => name)).toContain('sumsub');
  expect(warned).toEqual([...providers].filter(([, { documents }]) => documents.confidence === 'unconfirmed'));
});

describe('critical alarms that reach nobody', () => {
  it.each([
    ['are refused in production', { stage: 'production' }, true],
    ['are refused in a stage that says it is production', { stage: 'live', production: true }, true],
    ['may be in development', { stage: 'dev' }, false],
    ['are none with an address', { stage: 'production', alarms: { critical: ['on-call@example.com'] } }, false],
    ['are none with subscribers by other means', { stage: 'production', alarms: { elsewhere: true } }, false],
  ])('%s', (_name, settings, refused) => {
    const stack = new Stack(new App({ analyticsReporting: false }), 'Gateway');
    refuseUnheardAlarms(stack, resolveConfig({ ...settings, sources: { osigu: { provider: 'osigu' } } }));
    const errors = stack.node.metadata.filter(({ type }) => type === 'aws:cdk:error').map(({ data }) => String(data));
    expect(errors.map((error) => error.slice(0, 40))).toEqual(
      refused ? ['alarms.critical: names no e-mail address'] : [],
    );
  });
});
