import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretVersionIdsCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { startTestAws } from '../test-aws.ts';
import type { TestAws } from '../test-aws.ts';

let aws: TestAws;
let client: SecretsManagerClient;
let secret: string;

beforeAll(async () => {
  aws = await startTestAws();
  client = new SecretsManagerClient(aws.client);
});
afterAll(() => aws.stop());
beforeEach(async () => {
  secret = randomUUID();
  await client.send(new CreateSecretCommand({ Name: secret }));
});

const put = async (value: string, ...stages: string[]): Promise<string> => {
  const input = { SecretId: secret, SecretString: value, ...(stages.length > 0 && { VersionStages: stages }) };
  return (await client.send(new PutSecretValueCommand(input))).VersionId ?? '';
};
const get = async (stage?: string): Promise<string | undefined> =>
  (await client.send(new GetSecretValueCommand({ SecretId: secret, ...(stage && { VersionStage: stage }) })))
    .SecretString;
const move = (stage: string, to?: string, from?: string) =>
  client.send(
    new UpdateSecretVersionStageCommand({
      SecretId: secret,
      VersionStage: stage,
      ...(to !== undefined && { MoveToVersionId: to }),
      ...(from !== undefined && { RemoveFromVersionId: from }),
    }),
  );
const labels = async (): Promise<Record<string, string[]>> =>
  (await client.send(new DescribeSecretCommand({ SecretId: secret }))).VersionIdsToStages ?? {};

describe('staging labels', () => {
  it('leave a secret without a version empty', async () => {
    await expect(get()).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret value for staging label: AWSCURRENT",
    });
  });

  it('move AWSPREVIOUS to the version that AWSCURRENT leaves', async () => {
    const a = await put('a');
    const b = await put('b');
    expect(await labels()).toEqual({ [a]: ['AWSPREVIOUS'], [b]: ['AWSCURRENT'] });
    const c = await put('c');
    expect(await labels()).toEqual({ [b]: ['AWSPREVIOUS'], [c]: ['AWSCURRENT'] });
    expect([await get(), await get('AWSCURRENT'), await get('AWSPREVIOUS')]).toEqual(['c', 'c', 'b']);
  });

  it('let a pending version wait, and promote it in one move', async () => {
    const a = await put('a');
    const b = await put('b', 'AWSPENDING');
    expect([await get(), await get('AWSPENDING')]).toEqual(['a', 'b']);
    await move('AWSCURRENT', b, a);
    expect(await labels()).toEqual({ [a]: ['AWSPREVIOUS'], [b]: ['AWSPENDING', 'AWSCURRENT'] });
    await move('AWSPENDING', undefined, b);
    expect(await labels()).toEqual({ [a]: ['AWSPREVIOUS'], [b]: ['AWSCURRENT'] });
  });

  it('can go back: AWSCURRENT and AWSPREVIOUS change places', async () => {
    const a = await put('a');
    const b = await put('b');
    await move('AWSCURRENT', a, b);
    expect(await labels()).toEqual({ [a]: ['AWSCURRENT'], [b]: ['AWSPREVIOUS'] });
  });

  it('are on one version at a time, whatever is done', async () => {
    const ids = [await put('a'), await put('b'), await put('c', 'AWSPENDING'), await put('d', 'AWSPENDING', 'MINE')];
    for (const id of ids) {
      const current = Object.entries(await labels()).find(([, stages]) => stages.includes('AWSCURRENT'))?.[0];
      await move('AWSCURRENT', id, current);
      const all = Object.values(await labels()).flat();
      expect(new Set(all).size).toBe(all.length);
      expect(all).toContain('AWSCURRENT');
    }
  });

  it('make the first version current, whatever label it comes with', async () => {
    const a = await put('a', 'AWSPENDING');
    expect(await labels()).toEqual({ [a]: ['AWSPENDING', 'AWSCURRENT'] });
  });

  it('refuse to leave a secret without AWSCURRENT', async () => {
    const a = await put('a');
    await expect(move('AWSCURRENT', undefined, a)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect(await get()).toBe('a');
  });

  it('refuse a move that does not say, or says wrongly, where the label is', async () => {
    const a = await put('a');
    const b = await put('b', 'AWSPENDING');
    await expect(move('AWSCURRENT', b)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(move('AWSCURRENT', b, b)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    await expect(move('AWSCURRENT', randomUUID(), a)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(move('AWSPREVIOUS', undefined, a)).rejects.toMatchObject({ name: 'InvalidParameterException' });
    expect(await labels()).toEqual({ [a]: ['AWSCURRENT'], [b]: ['AWSPENDING'] });
  });
});

describe('a version', () => {
  it('is put once for one token, and never changed', async () => {
    const token = randomUUID();
    const input = { SecretId: secret, SecretString: 'a', ClientRequestToken: token };
    await client.send(new PutSecretValueCommand(input));
    await put('b');
    // The repeated request does not make it the current one again.
    await client.send(new PutSecretValueCommand(input));
    expect(await get()).toBe('b');
    await expect(client.send(new PutSecretValueCommand({ ...input, SecretString: 'x' }))).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
  });

  it('is read by its id, and by id and label if these agree', async () => {
    const a = await put('a');
    const b = await put('b');
    const byId = (id: string, stage?: string) =>
      client.send(
        new GetSecretValueCommand({ SecretId: secret, VersionId: id, ...(stage && { VersionStage: stage }) }),
      );
    expect(await byId(a)).toMatchObject({ SecretString: 'a', VersionStages: ['AWSPREVIOUS'], VersionId: a });
    expect(await byId(b, 'AWSCURRENT')).toMatchObject({ SecretString: 'b' });
    await expect(byId(a, 'AWSCURRENT')).rejects.toMatchObject({ name: 'InvalidRequestException' });
    await expect(byId(randomUUID())).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('has its creation time', async () => {
    const before = Date.now();
    await put('a');
    const { CreatedDate } = await client.send(new GetSecretValueCommand({ SecretId: secret }));
    expect(CreatedDate?.getTime()).toBeGreaterThanOrEqual(before - 1);
    expect(CreatedDate?.getTime()).toBeLessThanOrEqual(Date.now() + 1);
  });

  it('without a label is listed only if asked for', async () => {
    const [a, b, c] = [await put('a'), await put('b'), await put('c')];
    const ids = async (all: boolean) => {
      const command = new ListSecretVersionIdsCommand({ SecretId: secret, IncludeDeprecated: all });
      return (await client.send(command)).Versions?.map(({ VersionId }) => VersionId);
    };
    expect(await ids(false)).toEqual([b, c]);
    expect(await ids(true)).toEqual([a, b, c]);
  });
});

describe('a secret', () => {
  it('is known by its name, its ARN, and its ARN without the end', async () => {
    await put('a');
    const { ARN: arn = '' } = await client.send(new DescribeSecretCommand({ SecretId: secret }));
    for (const id of [secret, arn, arn.slice(0, -7)]) {
      expect((await client.send(new GetSecretValueCommand({ SecretId: id }))).SecretString).toBe('a');
    }
    await expect(client.send(new GetSecretValueCommand({ SecretId: 'other' }))).rejects.toMatchObject({
      name: 'ResourceNotFoundException',
      message: "Secrets Manager can't find the specified secret.",
    });
  });

  it('is created once', async () => {
    await expect(client.send(new CreateSecretCommand({ Name: secret }))).rejects.toMatchObject({
      name: 'ResourceExistsException',
    });
  });

  it('takes no empty value', async () => {
    await expect(put('')).rejects.toMatchObject({ name: 'ValidationException' });
  });
});
