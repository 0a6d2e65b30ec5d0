import { afterAll, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { Context, SecretsManagerRotationEvent } from 'aws-lambda';
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { ENV, METRIC } from '../../../lambdas/contract.ts';
import { ROTATION_STEPS, SETTLE_MS } from '../../../lambdas/core/rotate/rotate.ts';
import { resolveConfig } from '../../../lib/config/config.ts';
import { LOCAL_CREDENTIALS, subscriptionOf, withFakeProviders } from '../../../local/fake-providers/settings.ts';
import { startFakeProviders } from '../../../local/fake-providers/server.ts';
import type { FakeProviders } from '../../../local/fake-providers/server.ts';
import { startTestAws } from '../../local/test-aws.ts';
import type { TestAws } from '../../local/test-aws.ts';

const FIRST = 'first-secret-of-optum';
const context = { awsRequestId: 'request', functionName: 'function', memoryLimitInMB: '256' } as Context;
/** The lines that the functions print: logs and metrics. */
const lines: string[] = [];
/** How often the functions waited for the verifiers: the time itself is left out. */
let pauses = 0;
let aws: TestAws;
let providers: FakeProviders;

const secret = () => aws.services.secretsManager.store.get('optum');
const current = (): string | undefined =>
  [...secret().versions.values()].find(({ stages }) => stages.has('AWSCURRENT'))?.value;

/** The values of a metric that were published, with the source that each is of. */
const published = (name: string): unknown[] =>
  lines
    .filter((line) => line.includes('"_aws"'))
    .map((line) => JSON.parse(line) as Record<string, unknown>)
    .filter((metric) => name in metric)
    .map((metric) => ({ source: metric.source, value: metric[name] }));

beforeAll(async () => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const)
    jest.spyOn(console, method).mockImplementation((line: unknown) => void lines.push(String(line)));
  for (const stream of [process.stdout, process.stderr])
    jest.spyOn(stream, 'write').mockImplementation((line) => lines.push(String(line)) > 0);
  const { setTimeout } = globalThis;
  jest.spyOn(globalThis, 'setTimeout').mockImplementation((run: () => void, ms = 0) => {
    if (ms === SETTLE_MS) pauses++;
    return setTimeout(run, ms === SETTLE_MS ? 0 : ms);
  });
  aws = await startTestAws();
  providers = await startFakeProviders();
  const { store } = aws.services.secretsManager;
  store.put(store.create('optum'), FIRST, ['AWSCURRENT']);
  store.put(store.create('optum-credentials'), LOCAL_CREDENTIALS.client, ['AWSCURRENT']);
  store.create('nothing-yet');
  providers.subscriptions.subscription(subscriptionOf('optum')).key = FIRST;
  const [source] = resolveConfig(
    withFakeProviders({ sources: { optum: { provider: 'optum' } } }, providers.url),
  ).sources;
  const environment: Record<string, string> = {
    AWS_ENDPOINT_URL: aws.client.endpoint,
    AWS_REGION: aws.client.region,
    AWS_ACCESS_KEY_ID: 'rotator',
    AWS_SECRET_ACCESS_KEY: 'local',
    AWS_SESSION_TOKEN: aws.client.credentials.sessionToken,
    AWS_MAX_ATTEMPTS: '1',
    [ENV.gateway]: 'hookgate-test',
    [ENV.source]: 'optum',
    [ENV.provider]: 'optum',
    [ENV.options]: JSON.stringify(source?.options),
    [ENV.windowSeconds]: '1',
    [ENV.maxBodyBytes]: '1024',
    [ENV.secretArn]: secret().arn,
    [ENV.credentialsArn]: store.get('optum-credentials').arn,
  };
  Object.assign(process.env, environment);
});
beforeEach(() => {
  lines.length = 0;
  providers.misbehaviours.clear();
});
afterAll(async () => {
  jest.restoreAllMocks();
  await providers.stop();
  await aws.stop();
});

describe('the rotation function', () => {
  const rotate = async (token: string, secretId = secret().arn): Promise<void> => {
    const { handler } = await import('../../../lambdas/rotator/handler.ts');
    for (const step of ROTATION_STEPS) {
      const event: SecretsManagerRotationEvent = { Step: step, SecretId: secretId, ClientRequestToken: token };
      await handler(event, context);
    }
  };

  it.each<[string, string | undefined, string, unknown[]]>([
    ['has no version yet: Secrets Manager tries this step when the schedule is made', undefined, 'no_credentials', []],
    ['has a value that cannot be used', 'no JSON', 'CredentialsError', [{ source: 'optum', value: 1 }]],
  ])('counts a failed test if the secret of the credentials %s', async (_, value, reason, counted) => {
    const { store } = aws.services.secretsManager;
    const { versions } = store.get('optum-credentials');
    const kept = [...versions];
    versions.clear();
    if (value !== undefined) store.put(store.get('optum-credentials'), value, ['AWSCURRENT']);
    const { handler } = await import('../../../lambdas/rotator/handler.ts');
    const event = { Step: 'testSecret', SecretId: secret().arn, ClientRequestToken: randomUUID() } as const;
    await expect(handler(event, context)).rejects.toThrow(`testSecret: ${reason}`);
    expect(published(METRIC.rotationFailed)).toEqual(counted);
    versions.clear();
    for (const [id, version] of kept) versions.set(id, version);
  });

  it('rotates the secret by its four steps, and prints none of it', async () => {
    await rotate(randomUUID());
    expect(pauses).toBe(1);
    const key = current();
    expect(key).toMatch(/^[0-9a-f]{64}$/);
    expect(providers.subscriptions.subscription(subscriptionOf('optum')).key).toBe(key);
    const text = lines.join('\n');
    expect(text).toContain('a step of the rotation is done');
    for (const value of [key ?? '', FIRST, 'local-client-secret']) expect(text).not.toContain(value);
  });

  it('throws, logs and counts a step that fails, with its reason and nothing else', async () => {
    const before = current();
    providers.misbehaviours.add({ method: 'PUT', kind: 'status', status: 400 });
    await expect(rotate(randomUUID())).rejects.toThrow(new Error('setSecret: http_400'));
    expect(current()).toBe(before);
    expect(published(METRIC.rotationFailed)).toEqual([{ source: 'optum', value: 1 }]);
    expect(lines.join('\n')).toContain('"reason":"http_400"');
  });

  it('touches no secret but its own', async () => {
    await expect(rotate(randomUUID(), 'arn:another')).rejects.toThrow('another secret');
  });
});

describe('the function that measures ages', () => {
  const measure = async (maxAgeDays = 0): Promise<void> => {
    const { handler } = await import('../../../lambdas/secret-age/handler.ts');
    await handler(
      { secrets: { optum: { name: secret().arn, maxAgeDays }, unset: { name: 'nothing-yet', maxAgeDays } } },
      context,
    );
  };

  it('publishes the age of each secret in days, by source', async () => {
    await measure();
    expect(published(METRIC.secretAgeDays)).toEqual([{ source: 'optum', value: expect.any(Number) }]);
    expect(lines.join('\n')).toContain('has no secret yet');
  });

  it('publishes nothing of a secret that is young', async () => {
    await measure(1);
    expect(published(METRIC.secretAgeDays)).toEqual([]);
  });

  it('fails where an age cannot be read', async () => {
    aws.faults.add({ service: 'secretsmanager', action: 'ListSecretVersionIds', times: 10 });
    await expect(measure()).rejects.toThrow('the age of 2 secrets could not be read');
    aws.faults.clear();
  });
});
