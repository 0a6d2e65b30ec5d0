import { App, Stack } from 'aws-cdk-lib';
import { expect, it } from '@jest/globals';
import { providers } from '../../lambdas/providers/index.ts';
import { EncryptionKey } from '../../lib/constructs/encryption-key.ts';
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
