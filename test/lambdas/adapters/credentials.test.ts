import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { credentialsSecret } from '../../../lambdas/adapters/credentials.ts';
import { NO_CREDENTIALS } from '../../../lambdas/core/http/no-credentials.ts';

const mock = mockClient(SecretsManagerClient);
const secret = credentialsSecret('arn', new SecretsManagerClient({ region: 'us-east-1' }));
const stored = (SecretString?: string): void =>
  void mock.on(GetSecretValueCommand).resolves({ ...(SecretString && { SecretString }) });

describe('the credentials of a provider API', () => {
  beforeEach(() => void mock.reset());

  it('are read by their stage', async () => {
    stored(' {"clientId":"id","clientSecret":"value","more":1}\n');
    expect(await secret.client()).toEqual({ clientId: 'id', clientSecret: 'value' });
    expect(mock.call(0).args[0].input).toEqual({ SecretId: 'arn', VersionStage: 'AWSCURRENT' });
  });

  it.each([undefined, '', 'text', 'null', '[]', '{}', '{"clientId":"a"}', '{"clientId":"a","clientSecret":""}'])(
    'of a client are refused where the secret is %j',
    async (value) => {
      stored(value);
      await expect(secret.client()).rejects.toMatchObject({ name: 'CredentialsError', message: '' });
    },
  );

  it('of a token are the token', async () => {
    stored('abc.DEF-123~+/==\n');
    expect(await secret.token()).toBe('abc.DEF-123~+/==');
  });

  it.each([undefined, ' ', 'two words', 'line\nbreak', 'é'])('of a token are refused where it is %j', async (value) => {
    stored(value);
    await expect(secret.token()).rejects.toMatchObject({ name: 'CredentialsError', message: '' });
  });

  it('that nobody has stored yet are told apart from those that cannot be used, and from a call that fails', async () => {
    const gone = new ResourceNotFoundException({ message: 'no version', $metadata: {} });
    mock.on(GetSecretValueCommand).rejects(gone);
    for (const read of [secret.client(), secret.token()])
      await expect(read).rejects.toMatchObject({ name: 'NoCredentialsError', reason: NO_CREDENTIALS });
    mock.on(GetSecretValueCommand).rejects(new TypeError('down'));
    await expect(secret.token()).rejects.toThrow(TypeError);
  });

  it('say when they came to be', async () => {
    const date = new Date('2026-01-02T03:04:05Z');
    mock.on(DescribeSecretCommand).resolvesOnce({ CreatedDate: date }).resolves({});
    expect(await secret.createdAt()).toEqual(date);
    await expect(secret.createdAt()).rejects.toMatchObject({ name: 'CredentialsError' });
  });
});
