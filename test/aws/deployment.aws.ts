import { CloudFormationClient, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { DescribeSecretCommand, PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { ENV, LEDGER, LEDGER_KEY } from '../../lambdas/contract.ts';
import type { Outcome, Session } from '../../cli/console/api.ts';
import { identityOf } from '../../cli/send/event-key.ts';
import { encodeKey } from '../../lambdas/core/event-key.ts';
import { ROTATION_STEPS } from '../../lambdas/core/rotate/rotate.ts';
import { secretFrom } from '../../lambdas/core/provider-secret.ts';
import type { SecretPair } from '../../lambdas/core/schemes/scheme.ts';
import type { HookgateConfig, SourceConfig } from '../../lib/config/config.ts';
import { stackName } from '../../lib/config/stack-names.ts';
import { pascalCase } from '../../lib/constructs/names.ts';
import { LOCAL_CREDENTIALS, subscriptionOf } from '../../local/fake-providers/settings.ts';
import { startFakeProviders } from '../../local/fake-providers/server.ts';
import type { FakeProviders } from '../../local/fake-providers/server.ts';
import { teardown } from '../../local/teardown.ts';
import { sample, signed } from '../../cli/send/signed.ts';
import type { Flaws } from '../../cli/send/signed.ts';
import { eventually } from '../local/eventually.ts';
import { sourceNames } from '../settings.ts';
import { temporaryDirectory } from '../local/temporary.ts';
import { deployedConfig } from './config.ts';
import { startConsole } from './console.ts';
import type { ServedConsole } from './console.ts';
import { deploy } from './deploy.ts';
import type { Deployed } from './deploy.ts';
import { ACCOUNT, REGION, startMoto } from './moto.ts';
import type { Moto } from './moto.ts';
import { NOT_READ, readers } from './read-back.ts';
import { resolve } from './references.ts';
import { run } from './running.ts';
import type { Running } from './running.ts';

const directory = temporaryDirectory();

let fakes: FakeProviders;
let moto: Moto;
let config: HookgateConfig;
let deployed: Deployed;
const secretsInUse: string[] = [];
let running: Running;
const down = teardown();
const delivered: Buffer[] = [];
let resources: ReadonlyMap<string, { readonly type: string; readonly physicalId: string }>;

beforeAll(async () => {
  down.add(() => {
    directory.remove();
    return Promise.resolve();
  });
  fakes = await startFakeProviders();
  down.add(() => fakes.stop());
  moto = await startMoto();
  down.add(() => moto.stop());
  config = deployedConfig(fakes.url);
  deployed = await deploy({ moto, directory: directory.path, fakeProviders: fakes.url });
  resources = new Map((await Promise.all(deployed.stacks.map(resourcesOf))).flat());
  const physicalIds = new Map([...resources].map(([logicalId, { physicalId }]) => [logicalId, physicalId]));
  running = await run({ moto, deployed, physicalIds, directory: directory.path });
  down.add(() => running.stop());
}, 240_000);

afterAll(() => down.run(), 60_000);

async function resourcesOf(stack: string) {
  const cloudFormation = new CloudFormationClient(moto.client);
  const { StackResourceSummaries = [] } = await cloudFormation.send(
    new ListStackResourcesCommand({ StackName: stack }),
  );
  return StackResourceSummaries.map(
    ({ LogicalResourceId = '', ResourceType: type = '', PhysicalResourceId: physicalId = '' }) =>
      [LogicalResourceId, { type, physicalId }] as const,
  );
}

describe('the deployed stacks', () => {
  it('are one for what all sources share, and one for each source', () => {
    const gateway = stackName(config);
    const names = config.sources.map(({ name }) => `${gateway}--${name}`);
    expect([...deployed.stacks].sort()).toStrictEqual([gateway, ...names].sort());
  });

  it('have every resource of the templates, and no other', () => {
    expect([...resources.keys()].sort()).toStrictEqual(Object.keys(deployed.template.Resources).sort());
  });

  it('have each of them as its template describes it', async () => {
    const read = readers(moto);
    const described: Record<string, object> = {};
    const found: Record<string, object> = {};
    for (const [logicalId, { Type, Properties = {} }] of Object.entries(deployed.template.Resources)) {
      if (Type in NOT_READ) continue;
      const properties = resolve(Properties, resources) as Record<string, unknown>;
      const facts = await read[Type]?.(resources.get(logicalId)?.physicalId ?? '', properties);
      if (!facts) throw new Error(`nothing reads a ${Type}`);
      described[logicalId] = properties;
      // A property that the template leaves out has AWS's own default.
      found[logicalId] = Object.fromEntries(Object.entries(facts).filter(([name]) => name in properties));
    }
    expect(described).toMatchObject(found);
    expect(Object.values(found).flatMap(Object.keys).length).toBeGreaterThan(2 * resources.size);
  }, 120_000);

  it('say in their outputs where to send and where to store the secret', () => {
    for (const { name } of config.sources) {
      expect(deployed.outputs[`${pascalCase(name)}SecretName`]).toBe(`hookgate/dev/${name}`);
      expect(deployed.outputs[`${pascalCase(name)}Url`]).toMatch(new RegExp(`^https://.*/dev/webhooks/${name}$`));
    }
  });
});

describe.each(sourceNames)('a delivery to %s', (name) => {
  const source = (): SourceConfig => {
    const found = config.sources.find((candidate) => candidate.name === name);
    if (!found) throw new Error(`no source ${name}`);
    return found;
  };
  const prefix = pascalCase(name);
  let secret: SecretPair;
  let event: Buffer;

  beforeAll(async () => {
    const { provider, options } = source();
    secret = secretFrom(provider, options, `secret-of-${name}-${randomUUID()}`);
    secretsInUse.push(secret.stored, secret.signing);
    const secrets = new SecretsManagerClient(moto.client);
    await secrets.send(new PutSecretValueCommand({ SecretId: `hookgate/dev/${name}`, SecretString: secret.stored }));
    event = sample(source(), new Date());
    delivered.push(event);
  });

  const deliver = async (body: Buffer, flaws: Flaws = {}): Promise<{ status: number; answer: string }> => {
    const url = `${running.url}/webhooks/${name}`;
    const delivery = signed({ source: source(), url, body, secret: secret.signing, now: new Date(), flaws });
    const response = await fetch(url, {
      method: 'POST',
      headers: delivery.headers,
      body: new Uint8Array(delivery.body),
    });
    return { status: response.status, answer: await response.text() };
  };

  it('that is valid is accepted, processed and published', async () => {
    const published = await busQueue();
    expect(String((await deliver(event)).status)).toMatch(/^2/);
    const item = await eventually(async () => {
      const found = await ledgerItem(keyOf(source(), event));
      return found?.status?.S === 'PROCESSED' && found;
    }, 120_000);
    expect(item.deliveries?.N).toBe('1');
    const detail = await published(`hookgate.${name}`);
    expect(detail).toMatchObject({
      source: `hookgate.${name}`,
      detail: { event: JSON.parse(event.toString()) as unknown },
    });
  }, 120_000);

  it('that comes again is counted, and not processed again', async () => {
    expect(String((await deliver(event)).status)).toMatch(/^2/);
    expect((await ledgerItem(keyOf(source(), event)))?.deliveries?.N).toBe('2');
    expect(await depth(`${prefix}Queue`)).toBe(0);
  });

  it('that is forged is refused, and leaves no trace', async () => {
    const forged = sample(source(), new Date());
    const answer = JSON.stringify({ error: 'signature_mismatch' });
    expect(await deliver(forged, { forge: true })).toEqual({ status: source().provider.rejectionStatus, answer });
    expect(await ledgerItem(keyOf(source(), forged))).toBeUndefined();
  });
});

describe('a rotation', () => {
  it('gives Optum a new secret, and makes it the current one, step by step', async () => {
    const secrets = new SecretsManagerClient(moto.client);
    const SecretId = resources.get('OptumSecret')?.physicalId ?? '';
    await storeCredentials('optum', 'OptumRotator');
    const before = await versionOf(secrets, SecretId, 'AWSCURRENT');
    const token = randomUUID();
    for (const Step of ROTATION_STEPS) {
      const result = await running.invoke('OptumRotator', { Step, SecretId, ClientRequestToken: token });
      expect({ Step, ok: result.ok }).toStrictEqual({ Step, ok: true });
    }
    expect(await versionOf(secrets, SecretId, 'AWSCURRENT')).toBe(token);
    expect(await versionOf(secrets, SecretId, 'AWSPREVIOUS')).toBe(before);
    expect(fakes.subscriptions.subscription(subscriptionOf('optum')).key).not.toBe('');
  }, 120_000);
});

describe('a poll', () => {
  it('gets what Optum failed to deliver, and has it processed once', async () => {
    const optum = config.sources.find(({ name }) => name === 'optum');
    if (!optum) throw new Error('no source optum');
    const missed = sample(optum, new Date());
    await storeCredentials('optum', 'OptumPoller');
    fakes.optum.miss(subscriptionOf('optum'), missed.toString());
    expect(await running.invoke('OptumPoller', {})).toMatchObject({ ok: true });
    await eventually(async () => (await ledgerItem(keyOf(optum, missed)))?.status?.S === 'PROCESSED', 60_000);
    expect(fakes.optum.subscription(subscriptionOf('optum')).acknowledged).toHaveLength(1);
  }, 120_000);
});

describe('the console of the deployed gateway', () => {
  let served: ServedConsole;
  beforeAll(async () => {
    served = await startConsole(moto);
  }, 60_000);
  afterAll(() => served.stop());

  it('says which gateway it shows, and that it only reads', async () => {
    const { status, body } = await served.ask('GET', 'session');
    expect({ status, body }).toMatchObject({ status: 200, body: { isLocal: false, allowChanges: false } });
    expect((body as Session).sources.map(({ name }) => name)).toStrictEqual(sourceNames);
  });

  it('lists the events of each source, and tells the story of one', async () => {
    const { status, body } = await served.ask('POST', 'operations/events', { input: { limit: 50 } });
    const { events } = (body as Outcome<{ readonly events: readonly Record<'source' | 'id' | 'key', string>[] }>).data;
    expect(status).toBe(200);
    expect([...new Set(events.map(({ source }) => source))].sort()).toStrictEqual([...sourceNames].sort());
    const { source, id: key, key: eventKey } = events[0] ?? { source: '', id: '', key: '' };
    expect(await served.ask('POST', 'operations/event', { input: { source, key } })).toMatchObject({
      status: 200,
      body: { data: { source, eventKey } },
    });
  });

  it('changes nothing', async () => {
    const order = { input: { source: sourceNames[0], reason: 'a test' } };
    expect(await served.ask('POST', 'operations/pause', order)).toMatchObject({
      status: 403,
      body: { fault: { kind: 'read-only' } },
    });
  });
});

it('nothing of it logs a body or a secret', () => {
  const text = running.lines.join('\n');
  expect(text).not.toMatch(/secret-of-/);
  expect(secretsInUse.length).toBeGreaterThan(sourceNames.length);
  for (const secret of secretsInUse) expect(text).not.toContain(secret);
  expect(delivered).toHaveLength(sourceNames.length);
  for (const body of delivered) expect(text).not.toContain(JSON.stringify(body.toString()).slice(1, 60));
  expect(running.lines.length).toBeGreaterThan(0);
});

/** Stores what the stand-ins of the providers' APIs know the gateway by. */
async function storeCredentials(name: string, functionId: string): Promise<void> {
  const secrets = new SecretsManagerClient(moto.client);
  const SecretId = running.function(functionId).environment[ENV.credentialsArn];
  const kind = config.sources.find((source) => source.name === name)?.provider.api?.credentials ?? 'token';
  await secrets.send(new PutSecretValueCommand({ SecretId, SecretString: LOCAL_CREDENTIALS[kind] }));
}

async function versionOf(secrets: SecretsManagerClient, SecretId: string, label: string): Promise<string | undefined> {
  const { VersionIdsToStages = {} } = await secrets.send(new DescribeSecretCommand({ SecretId }));
  return Object.entries(VersionIdsToStages).find(([, labels]) => labels.includes(label))?.[0];
}

const keyOf = (of: SourceConfig, body: Buffer): string => LEDGER_KEY.event(of.name, encodeKey(identityOf(of, body)));

async function ledgerItem(key: string) {
  const tables = new DynamoDBClient(moto.client);
  const TableName = resources.get('Ledger')?.physicalId;
  return (await tables.send(new GetItemCommand({ TableName, Key: { [LEDGER.partitionKey]: { S: key } } }))).Item;
}

async function depth(logicalId: string): Promise<number> {
  const queues = new SQSClient({ ...moto.client, useQueueUrlAsEndpoint: false });
  const QueueUrl = resources.get(logicalId)?.physicalId;
  const names = ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'] as const;
  const { Attributes = {} } = await queues.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: [...names] }),
  );
  return names.reduce((sum, name) => sum + Number(Attributes[name]), 0);
}

/** Has a rule of the bus put what is published into a queue, as a customer's would; answers how to take an event from it. */
async function busQueue(): Promise<(source: string) => Promise<unknown>> {
  const queues = new SQSClient({ ...moto.client, useQueueUrlAsEndpoint: false });
  const events = new EventBridgeClient(moto.client);
  const name = `published-${randomUUID()}`;
  const EventBusName = resources.get('EventBus')?.physicalId;
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: name }));
  const pattern = JSON.stringify({ source: [{ prefix: 'hookgate.' }] });
  await events.send(new PutRuleCommand({ Name: name, EventBusName, EventPattern: pattern }));
  const Targets = [{ Id: 'queue', Arn: `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}` }];
  await events.send(new PutTargetsCommand({ Rule: name, EventBusName, Targets }));
  return (source) =>
    eventually(async () => {
      const { Messages = [] } = await queues.send(new ReceiveMessageCommand({ QueueUrl, WaitTimeSeconds: 1 }));
      const bodies = Messages.map(({ Body }) => JSON.parse(Body ?? '{}') as { readonly source?: string });
      return bodies.find((body) => body.source === source);
    });
}
