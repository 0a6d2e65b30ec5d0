import {
  GetSecretValueCommand,
  InternalServiceError,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { cachedSecrets } from '../../../lambdas/adapters/secrets.ts';
import { recordingObserver } from '../core/in-memory.ts';

type Stage = 'AWSCURRENT' | 'AWSPENDING' | 'AWSPREVIOUS';

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Reads of one load: one a label. A load ends with the first that fails. */
const CALLS = 3;

const missing = new ResourceNotFoundException({ message: 'no such version', $metadata: {} });
const broken = new InternalServiceError({ message: 'down', $metadata: {} });
const manager = mockClient(SecretsManagerClient);

/** Sets the versions that Secrets Manager holds; the current version was made at `since`. */
function given(versions: Partial<Record<Stage, string>>, since = 0): void {
  manager.reset();
  manager.on(GetSecretValueCommand).rejects(missing);
  for (const [stage, value] of Object.entries(versions))
    manager
      .on(GetSecretValueCommand, { SecretId: 'arn', VersionStage: stage })
      .resolves({ SecretString: value, VersionId: `id-${stage}`, CreatedDate: new Date(since) });
}

function setUp(previousGraceMs = 24 * HOUR) {
  const time = { now: 0 };
  const observer = recordingObserver();
  const secrets = cachedSecrets({ secretArn: 'arn', previousGraceMs, clock: () => time.now, observer });
  const values = async () => (await secrets.read()).map(({ value }) => value);
  /** Asks for newer versions, as a request does whose signature matches none of the cached. */
  const miss = async () => (await secrets.reread(await secrets.read()))?.map(({ value }) => value);
  return { time, secrets, seen: observer.seen, values, miss };
}

const calls = (): number => manager.commandCalls(GetSecretValueCommand).length;

beforeEach(() => void manager.reset());

describe('the secrets of a source', () => {
  it('are all versions that there are, each with its label', async () => {
    given({ AWSCURRENT: 'cur-key-7', AWSPENDING: 'new-key-7', AWSPREVIOUS: 'old-key-7' });
    expect(await setUp().secrets.read()).toEqual([
      { value: 'cur-key-7', label: 'current', versionId: 'id-AWSCURRENT' },
      { value: 'new-key-7', label: 'pending', versionId: 'id-AWSPENDING' },
      { value: 'old-key-7', label: 'previous', versionId: 'id-AWSPREVIOUS' },
    ]);
  });

  it('are told of if one is not written as its provider writes secrets, and serve all the same: nothing is refused', async () => {
    given({ AWSCURRENT: 'not JSON', AWSPREVIOUS: '{"a":"b"}' });
    const observer = recordingObserver();
    const secrets = cachedSecrets({
      ...{ secretArn: 'arn', previousGraceMs: 24 * HOUR, clock: () => 0, observer },
      isWellShaped: (value) => value.startsWith('{'),
    });
    expect((await secrets.read()).map(({ label }) => label)).toEqual(['current', 'previous']);
    expect(observer.seen).toEqual(['secretRefused:arn:current:wrong_shape']);
  });

  it('are read once by many requests, and served from the cache for five minutes', async () => {
    given({ AWSCURRENT: 'a-key-7' });
    const { secrets, time } = setUp();
    await Promise.all(Array.from({ length: 20 }, () => secrets.read()));
    time.now = 5 * MINUTE - 1;
    await secrets.read();
    expect(calls()).toBe(CALLS);
    time.now++;
    await secrets.read();
    expect(calls()).toBe(2 * CALLS);
  });

  it.each(['1e3000', '"quoted"', '{"a":1}', '007001'])('are never parsed: %s', async (value) => {
    given({ AWSCURRENT: value });
    expect(await setUp().values()).toEqual([value]);
  });
});

describe('the previous version', () => {
  it('is accepted until its grace time after the making of the current one is over, cached or not', async () => {
    given({ AWSCURRENT: 'cur-key-7', AWSPREVIOUS: 'old-key-7' }, 10 * HOUR);
    const { values, time } = setUp(2 * HOUR);
    time.now = 12 * HOUR - 1;
    expect(await values()).toEqual(['cur-key-7', 'old-key-7']);
    time.now++;
    expect(await values()).toEqual(['cur-key-7']);
    expect(calls()).toBe(CALLS);
  });

  it('is not accepted with a grace time of zero, nor where there is no current one to count from', async () => {
    given({ AWSCURRENT: 'cur-key-7', AWSPREVIOUS: 'old-key-7' });
    expect(await setUp(0).values()).toEqual(['cur-key-7']);
    given({ AWSPENDING: 'new-key-7', AWSPREVIOUS: 'old-key-7' });
    expect(await setUp().values()).toEqual(['new-key-7']);
  });
});

describe('an unknown signature', () => {
  it('finds a secret that was stored a second after the cache was filled', async () => {
    given({ AWSCURRENT: 'a-key-7' });
    const { values, miss, time } = setUp();
    await values();
    time.now = SECOND;
    given({ AWSCURRENT: 'a-key-7', AWSPENDING: 'b-key-7' });
    expect(await miss()).toEqual(['a-key-7', 'b-key-7']);
  });

  it('has the versions read anew at most once in fifteen seconds', async () => {
    given({ AWSCURRENT: 'a-key-7' });
    const { miss, time } = setUp();
    expect(await miss()).toEqual(['a-key-7']);
    time.now = 15 * SECOND - 1;
    expect(await miss()).toBeUndefined();
    time.now++;
    expect(await miss()).toEqual(['a-key-7']);
    expect(calls()).toBe(3 * CALLS);
  });

  it('gets what another request has read meanwhile, without a call of its own', async () => {
    given({ AWSCURRENT: 'a-key-7' });
    const { secrets } = setUp();
    const seen = await secrets.read();
    given({ AWSCURRENT: 'a-key-7', AWSPENDING: 'b-key-7' });
    const found = await Promise.all([secrets.reread(seen), secrets.reread(seen)]);
    expect(found.map((versions) => versions?.length)).toEqual([2, 2]);
    expect(await secrets.reread(seen)).toHaveLength(2);
    expect(calls()).toBe(CALLS);
  });

  it('a thousand times over makes a handful of calls', async () => {
    given({ AWSCURRENT: 'a-key-7' });
    const { miss, time } = setUp();
    for (let request = 0; request < 1000; request++) {
      time.now = request * 10;
      await miss();
    }
    expect(calls()).toBe(2 * CALLS);
  });

  it('is not told from that of a new secret where the read fails, and until one succeeds', async () => {
    given({ AWSCURRENT: 'a-key-7' });
    const { values, miss, seen, time } = setUp();
    await values();
    manager.on(GetSecretValueCommand).rejects(broken);
    await expect(miss()).rejects.toBe(broken);
    expect(seen).toEqual(['secretReadFailed:InternalServiceError']);
    expect(await values()).toEqual(['a-key-7']);
    time.now = 15 * SECOND - 1;
    const made = calls();
    await expect(miss()).rejects.toBe(broken);
    expect(calls()).toBe(made);
    given({ AWSCURRENT: 'a-key-7', AWSPENDING: 'b-key-7' });
    time.now++;
    expect(await miss()).toEqual(['a-key-7', 'b-key-7']);
  });

  it('finds the secret that becomes the current one while the versions are read', async () => {
    let labels: Partial<Record<Stage, string>> = { AWSCURRENT: 'a-key-7', AWSPENDING: 'b-key-7' };
    manager.on(GetSecretValueCommand).callsFake(({ VersionStage: stage }: { VersionStage: Stage }) => {
      const value = labels[stage];
      // After any one of the reads the rotation ends.
      if (stage === endsAfter) labels = { AWSCURRENT: 'b-key-7', AWSPREVIOUS: 'a-key-7' };
      if (value === undefined) throw missing;
      return { SecretString: value, VersionId: `id-${value}`, CreatedDate: new Date(0) };
    });
    let endsAfter: Stage | undefined;
    for (endsAfter of ['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS'] as const) {
      labels = { AWSCURRENT: 'a-key-7', AWSPENDING: 'b-key-7' };
      expect(new Set(await setUp().values())).toEqual(new Set(['a-key-7', 'b-key-7']));
    }
  });
});

describe('where Secrets Manager fails', () => {
  it('the cached versions serve on for a day, with a metric and a try every fifteen seconds', async () => {
    given({ AWSCURRENT: 'a-key-7' });
    const { values, time, seen } = setUp();
    await values();
    manager.reset();
    manager.on(GetSecretValueCommand).rejects(broken);
    time.now = 5 * MINUTE;
    for (let request = 0; request < 100; request++) expect(await values()).toEqual(['a-key-7']);
    expect(calls()).toBe(1);
    expect(seen).toEqual(['secretReadFailed:InternalServiceError']);
    time.now = 24 * HOUR - 1;
    expect(await values()).toEqual(['a-key-7']);
    time.now++;
    await expect(values()).rejects.toBe(broken);
  });

  it.each<Stage>(['AWSCURRENT', 'AWSPENDING', 'AWSPREVIOUS'])(
    'a part of the versions does not stand for all: %s',
    async (stage) => {
      given({ AWSCURRENT: 'a-key-7', AWSPENDING: 'b-key-7', AWSPREVIOUS: 'c-key-7' });
      const { values, time } = setUp();
      manager.on(GetSecretValueCommand, { SecretId: 'arn', VersionStage: stage }).rejects(broken);
      await expect(values()).rejects.toBe(broken);
      given({ AWSCURRENT: 'a-key-7', AWSPENDING: 'b-key-7', AWSPREVIOUS: 'c-key-7' });
      time.now = SECOND;
      expect(await values()).toEqual(['a-key-7', 'b-key-7', 'c-key-7']);
      manager.on(GetSecretValueCommand, { SecretId: 'arn', VersionStage: stage }).rejects(broken);
      time.now = SECOND + 5 * MINUTE;
      expect(await values()).toEqual(['a-key-7', 'b-key-7', 'c-key-7']);
    },
  );

  it('and nothing is cached, every request fails, and the calls stay few', async () => {
    manager.on(GetSecretValueCommand).rejects(broken);
    const { values, time } = setUp();
    for (let request = 0; request < 100; request++) {
      time.now = request * 10;
      await expect(values()).rejects.toBe(broken);
    }
    expect(calls()).toBe(1);
    given({ AWSCURRENT: 'a-key-7' });
    time.now = SECOND;
    expect(await values()).toEqual(['a-key-7']);
  });
});

describe('what is no secret', () => {
  it.each([
    ['', 'empty'],
    [' \n\t', 'empty'],
    ['CHANGE_ME', 'placeholder'],
    ['<change-me>', 'placeholder'],
    ['[CLIENT_SECRET_HERE]', 'placeholder'],
    ['your-secret-key', 'placeholder'],
    ['xxxxxxxx', 'placeholder'],
    ['...', 'placeholder'],
  ])('is refused, and named without its value: %j', async (value, flaw) => {
    given({ AWSCURRENT: value });
    const { values, seen } = setUp();
    await expect(values()).rejects.toMatchObject({ name: 'NoSecretError' });
    expect(seen).toEqual([`secretRefused:arn:current:${flaw}`]);
  });

  it('keeps the other versions from nothing', async () => {
    given({ AWSCURRENT: 'TODO', AWSPREVIOUS: 'old-key-7' });
    const { values, seen } = setUp();
    expect(await values()).toEqual(['old-key-7']);
    expect(seen).toEqual(['secretRefused:arn:current:placeholder']);
  });

  it('is not a secret that nobody has stored yet: that is told apart, and is not a failed read', async () => {
    given({});
    const { values, seen, time } = setUp();
    await expect(values()).rejects.toMatchObject({ name: 'UndecidedError', reason: 'no_secret' });
    expect(seen).toEqual([]);
    given({ AWSCURRENT: 'a-key-7' });
    time.now = 1 * SECOND;
    expect(await values()).toEqual(['a-key-7']);
  });

  it('does not stand on what was cached before', async () => {
    given({ AWSCURRENT: 'a-key-7' });
    const { values, time } = setUp();
    await values();
    given({});
    time.now = 5 * MINUTE;
    await expect(values()).rejects.toMatchObject({ name: 'NoSecretError' });
  });
});
