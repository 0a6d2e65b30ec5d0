import {
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { cachedSecrets } from '../../lambdas/adapters/secrets.ts';

const missing = new ResourceNotFoundException({ message: 'no such version', $metadata: {} });
const manager = mockClient(SecretsManagerClient);

function given(versions: Partial<Record<'AWSCURRENT' | 'AWSPENDING' | 'AWSPREVIOUS', string>>): void {
  manager.reset();
  manager.on(GetSecretValueCommand).rejects(missing);
  for (const [stage, value] of Object.entries(versions))
    manager
      .on(GetSecretValueCommand, { SecretId: 'arn', VersionStage: stage })
      .resolves({ SecretString: value, VersionId: `id-${stage}` });
}

function setUp() {
  const time = { now: 0 };
  return { time, secrets: cachedSecrets({ secretArn: 'arn', clock: () => time.now }) };
}

const reads = (): number => manager.commandCalls(GetSecretValueCommand).length / 3;

beforeEach(() => void manager.reset());

describe('the secrets of a source', () => {
  it('are all versions that there are, each with its label', async () => {
    given({ AWSCURRENT: 'new', AWSPREVIOUS: 'old' });
    expect(await setUp().secrets.read()).toEqual([
      { value: 'new', label: 'current', versionId: 'id-AWSCURRENT' },
      { value: 'old', label: 'previous', versionId: 'id-AWSPREVIOUS' },
    ]);
  });

  it('are read once by many requests, and served from the cache for five minutes', async () => {
    given({ AWSCURRENT: 'a' });
    const { secrets, time } = setUp();
    await Promise.all(Array.from({ length: 20 }, () => secrets.read()));
    time.now = 5 * 60_000 - 1;
    await secrets.read();
    expect(reads()).toBe(1);
    time.now++;
    await secrets.read();
    expect(reads()).toBe(2);
  });

  it('are read anew for an unknown signature, at most once in fifteen seconds', async () => {
    given({ AWSCURRENT: 'a' });
    const { secrets, time } = setUp();
    await secrets.read();
    expect(await secrets.reread()).toBeUndefined();
    given({ AWSCURRENT: 'b' });
    time.now = 15_000;
    expect(await secrets.reread()).toMatchObject([{ value: 'b' }]);
    expect(await secrets.reread()).toBeUndefined();
  });

  it.each([{}, { AWSCURRENT: '' }, { AWSCURRENT: ' \n' }])(
    'are refused where none has a value: %j',
    async (versions) => {
      given(versions);
      await expect(setUp().secrets.read()).rejects.toMatchObject({ name: 'NoSecretError' });
    },
  );
});
