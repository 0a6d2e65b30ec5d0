import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { DynamoDBClient, ScanCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { localSecrets } from '../../cli/local-gateway.ts';
import { headersOf, signed } from '../../cli/send/signed.ts';
import { busSource, LEDGER, LEDGER_KEY } from '../../lambdas/contract.ts';
import { bindsBodies } from '../../lambdas/core/provider.ts';
import { ROTATION_STEPS } from '../../lambdas/core/rotate/rotate.ts';
import { resolveConfig } from '../../lib/config/config.ts';
import type { HookgateConfig } from '../../lib/config/config.ts';
import { pascalCase } from '../../lib/config/stack-names.ts';
import type { AwsCall } from '../../local/call-log.ts';
import { startFakeProviders } from '../../local/fake-providers/server.ts';
import type { FakeProviders } from '../../local/fake-providers/server.ts';
import { subscriptionOf, withFakeProviders } from '../../local/fake-providers/settings.ts';
import { startGateway } from '../../local/gateway.ts';
import type { LocalGateway } from '../../local/gateway.ts';
import { ACCOUNT_ID } from '../../local/services/sqs.ts';
import settings from '../settings.ts';
import { eventually } from './eventually.ts';
import { SourceClient } from './gateway-client.ts';
import { readPolicies, REGION } from './policies.ts';
import type { Grant, Policies } from './policies.ts';

const names = Object.keys(settings.sources);

let fakes: FakeProviders;
let config: HookgateConfig;
let gateway: LocalGateway;
let policies: Policies;
/** The calls of each function, and those that AWS made with the key in its name. */
let used: ReadonlyMap<string, readonly Grant[]>;

beforeAll(async () => {
  fakes = await startFakeProviders();
  const honeybee = { provider: 'honeybee', allowList: ['203.0.113.0/24'] };
  const sources = { ...settings.sources, honeybee };
  const retry = { firstDelaySeconds: 1 };
  const { sources: reached, ...rest } = withFakeProviders({ ...settings, sources, retry }, fakes.url);
  // Its poller has the code and the role of Stripe's.
  config = resolveConfig({ ...rest, sources: { ...reached, github: { provider: 'github' } } });
  gateway = await startGateway({ port: 0, config });
  for (const name of names) await exercise(SourceClient.of(name, config, gateway.url));
  await rotateAndPoll();
  policies = await readPolicies(config, gateway.aws.endpoint);
  const response = await fetch(`${gateway.url}/_local/aws-calls`);
  used = usesOf((await response.json()) as AwsCall[], policies);
}, 300_000);

afterAll(async () => {
  await gateway.stop();
  await fakes.stop();
}, 120_000);

/** Has the functions of a source do all that they do: when all goes well, and when something fails. */
async function exercise(client: SourceClient): Promise<void> {
  const [event, large] = [client.newEvent(), largeOf(client.newEvent())];
  for (const body of [event, event, large]) await client.deliver(body);
  await client.deliver(client.newEvent(), { forge: true });
  await client.deliver(Buffer.from('authentic, and no JSON'));
  await deliverWithoutId(client, event);
  // A send whose answer is lost: the retry makes a copy, which the processor finds processed or held.
  const copied = client.newEvent();
  await isProcessed(client, event);
  const lost = { service: 'sqs', action: 'SendMessage', after: true, times: 3 };
  await client.injectFault({ ...lost, function: `${pascalCase(client.source.name)}Verifier` });
  await client.deliver(copied);
  await client.deliver(copied);
  for (const body of [large, copied]) await isProcessed(client, body);
  await failOnce(client);
  // An item past its expiry is replaced.
  await expireAll(client.source.name);
  await client.deliver(event);
  await isProcessed(client, event);
}

/** An event without the headers that nothing signs is looked up by its body, if an id is among them. */
async function deliverWithoutId({ source, url }: SourceClient, body: Buffer): Promise<void> {
  if (!bindsBodies(source.provider, source.options)) return;
  const secret = localSecrets(source, {}).signing;
  const { headers } = signed({ source, url, body, secret, now: new Date() });
  const unsigned = new Set(Object.keys(headersOf(source, body)));
  const kept = Object.fromEntries(Object.entries(headers).filter(([name]) => !unsigned.has(name)));
  await fetch(url, { method: 'POST', headers: kept, body: new Uint8Array(body) });
}

/** Has the processor's try of an event fail, and gives it a message that nobody can read. */
async function failOnce(client: SourceClient): Promise<void> {
  const { name } = client.source;
  const failing = client.newEvent();
  const fault = { service: 's3', action: 'PutObject', status: 503, code: 'SlowDown', times: 3 };
  await client.injectFault({ ...fault, function: `${pascalCase(name)}Processor` });
  await client.deliver(failing);
  await isProcessed(client, failing);
  const sqs = new SQSClient({ ...gateway.aws, useQueueUrlAsEndpoint: false });
  const QueueUrl = gateway.sources.find((source) => source.name === name)?.queueUrl;
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: '{' }));
  sqs.destroy();
  await eventually(async () => (await client.queues()).sources[name]?.deadLetters === 1, 30_000);
}

/** Waits for the event alone: a copy of it may wait in its queue for longer than a test does. */
const isProcessed = (client: SourceClient, body: Buffer): Promise<unknown> =>
  eventually(async () => {
    const events = await client.events();
    return events.find(({ key }) => key === client.keyOf(body))?.status === 'PROCESSED';
  }, 120_000);

const PADDING = 'x'.repeat(1_100_000);

/** The same event with more in it than a queue's message holds. */
function largeOf(body: Buffer): Buffer {
  const text = body.toString();
  const [boundary] = /^--\S+/.exec(text) ?? [];
  if (boundary !== undefined) {
    const part = `${boundary}\r\nContent-Disposition: form-data; name="padding"\r\n\r\n${PADDING}\r\n`;
    return Buffer.from(text.replace(`${boundary}--`, `${part}${boundary}--`));
  }
  const padded = (event: object): object => ({ ...event, padding: PADDING });
  const value = JSON.parse(text) as object;
  return Buffer.from(JSON.stringify(Array.isArray(value) ? (value as object[]).map(padded) : padded(value)));
}

/** Has the ledger's memory of a source's events be past. */
async function expireAll(source: string): Promise<void> {
  const tables = new DynamoDBClient(gateway.aws);
  const { Items = [] } = await tables.send(
    new ScanCommand({
      TableName: 'Ledger',
      FilterExpression: 'begins_with(pk, :of)',
      ExpressionAttributeValues: { ':of': { S: `event#${source}#` } },
    }),
  );
  for (const { [LEDGER.partitionKey]: pk = { S: '' } } of Items)
    await tables.send(
      new UpdateItemCommand({
        TableName: 'Ledger',
        Key: { [LEDGER.partitionKey]: pk },
        UpdateExpression: `SET ${LEDGER.ttl} = :past`,
        ExpressionAttributeValues: { ':past': { N: '1' } },
      }),
    );
}

async function rotateAndPoll(): Promise<void> {
  const lambda = new LambdaClient(gateway.aws);
  const invoke = async (FunctionName: string, payload: object): Promise<void> => {
    const { FunctionError } = await lambda.send(new InvokeCommand({ FunctionName, Payload: JSON.stringify(payload) }));
    if (FunctionError !== undefined) throw new Error(`${FunctionName} failed`);
  };
  const SecretId = gateway.sources.find(({ name }) => name === 'optum')?.secretArn;
  const ClientRequestToken = randomUUID();
  for (const Step of ROTATION_STEPS) await invoke('OptumRotator', { Step, SecretId, ClientRequestToken });
  const secrets = Object.fromEntries(
    gateway.sources.map(({ name, secretArn }) => [name, { name: secretArn, maxAgeDays: 1 }]),
  );
  await invoke('SecretAges', { secrets });

  const [optum, nvsep] = [SourceClient.of('optum', config, gateway.url), SourceClient.of('nvsep', config, gateway.url)];
  const logging = config.sources
    .filter(({ name, poll }) => poll && name in fakes.logs)
    .map(({ name }) => SourceClient.of(name, config, gateway.url));
  for (const listed of [listForOptum, listForNvsep, listForOptum]) {
    // A new event, a large one, and what cannot be processed; when all that is past its expiry, the same again.
    listed(optum, nvsep);
    for (const client of logging) log(client);
    for (const { source } of [optum, nvsep, ...logging]) {
      const url = `${gateway.url}/_local/missed-events/${source.name}`;
      for (const method of ['POST', 'GET']) expect((await fetch(url, { method })).ok).toBe(true);
      await expireAll(source.name);
    }
  }
}

const missed = new Map<SourceClient, Buffer[]>();

function listForOptum(optum: SourceClient): void {
  const bodies = missed.get(optum) ?? [optum.newEvent(), largeOf(optum.newEvent()), Buffer.from('{"type":0}')];
  missed.set(optum, bodies);
  for (const body of bodies) fakes.optum.miss(subscriptionOf('optum'), body.toString());
}

/** Has the provider's log have them as undelivered. */
function log(client: SourceClient): void {
  const bodies = missed.get(client) ?? [client.newEvent(), largeOf(client.newEvent()), Buffer.from('{"type":0}')];
  missed.set(client, bodies);
  for (const [index, body] of bodies.entries())
    fakes.logs[client.source.name]?.deliveries.push({
      ...{ id: `missed-${index}`, type: 'sample', at: new Date(), body: body.toString(), delivered: false },
    });
}

function listForNvsep(_optum: SourceClient, nvsep: SourceClient): void {
  const { data } = JSON.parse(nvsep.newEvent().toString()) as { data: object };
  const large = { ...(JSON.parse(nvsep.newEvent().toString()) as { data: object }).data, padding: PADDING };
  fakes.nvsep.entries.push(data, large, { neither: 'id nor anything else' });
}

describe('every AWS call that a function makes', () => {
  it('is there to be judged: each function made some', () => {
    expect([...used.keys()].sort()).toStrictEqual([...policies.functions].sort());
  });

  it('is allowed by its role, and by the policy of what it is about', () => {
    const refused: string[] = [];
    for (const [name, grants] of used) {
      for (const grant of grants)
        if (!policies.allows(name, grant, publishing(name))) refused.push(`${name} ${show(grant)}`);
    }
    expect(refused).toStrictEqual([]);
  });
});

describe('everything that a role grants', () => {
  it('is used by its function, or explained', () => {
    const idle = policies.functions.flatMap((name) =>
      policies
        .grants(name)
        .filter((grant) => !used.get(name)?.some((use) => covers(grant, use)))
        .filter((grant) => !(repairs(grant) && name.endsWith('Processor')))
        .filter(({ action, via }) => !(`${action}${via === undefined ? '' : ` through ${via}`}` in NOT_SEEN))
        .map((grant) => `${name} ${show(grant)}`),
    );
    expect(idle).toStrictEqual([]);
  });

  it('is explained only if that is needed', () => {
    const all = policies.functions.flatMap((name) => policies.grants(name));
    const granted = new Set(all.map(({ action, via }) => `${action}${via === undefined ? '' : ` through ${via}`}`));
    expect(Object.keys(NOT_SEEN).filter((action) => !granted.has(action))).toStrictEqual([]);
  });
});

describe.each(names)('the verifier of %s', (name) => {
  const verifier = `${pascalCase(name)}Verifier`;
  const others = names.filter((other) => other !== name).map(pascalCase);

  it("cannot read another source's secret, nor put into its queue", () => {
    expect(allowed('secretsmanager:GetSecretValue', `${pascalCase(name)}Secret`)).toBe(true);
    for (const other of others) {
      expect(allowed('secretsmanager:GetSecretValue', `${other}Secret`)).toBe(false);
      expect(allowed('sqs:SendMessage', `${other}Queue`)).toBe(false);
    }
  });

  it('cannot change its own secret, take from a queue, read the ledger or publish', () => {
    for (const [action, on] of [
      ['secretsmanager:PutSecretValue', `${pascalCase(name)}Secret`],
      ['sqs:ReceiveMessage', `${pascalCase(name)}Queue`],
      ['dynamodb:Scan', 'Ledger'],
      ['events:PutEvents', 'EventBus'],
    ] as const)
      expect([action, allowed(action, on)]).toStrictEqual([action, false]);
  });

  it('cannot use the key but through the services that it uses', () => {
    const key = { action: 'kms:Decrypt', resource: policies.arn('EncryptionKey') };
    expect(policies.allows(verifier, { ...key, via: 'secretsmanager' })).toBe(true);
    expect(policies.allows(verifier, { ...key, via: 'rds' })).toBe(false);
    expect(policies.allows(verifier, key)).toBe(false);
  });

  const allowed = (action: string, logicalId: string): boolean =>
    policies.allows(verifier, { action, resource: policies.arn(logicalId) });
});

it("an address that is not on a source's list is turned away before any function runs", async () => {
  const honeybee = SourceClient.of('honeybee', config, gateway.url);
  const calls = await honeybee.verifierCalls();
  const from = (address: string) => honeybee.request('POST', { 'x-local-source-ip': address }, honeybee.newEvent());
  expect(await from('198.51.100.7')).toMatchObject({ status: 403, body: { error: 'address_not_allowed' } });
  expect(await honeybee.verifierCalls()).toHaveLength(calls.length);
  expect(await from('203.0.113.7')).toMatchObject({ status: 401, body: { error: 'missing_signature' } });
});

describe('an item of the ledger', () => {
  it('is open to the functions of its own source that use its kind, and to no others', async () => {
    const tables = new DynamoDBClient(gateway.aws);
    const { Items = [] } = await tables.send(new ScanCommand({ TableName: 'Ledger' }));
    const keys = Items.map(({ [LEDGER.partitionKey]: pk }) => pk?.S ?? '');
    expect(keys.length).toBeGreaterThan(2 * names.length);
    // No source of the tests is ordered or has Subscriptions, and an operator alone writes the head of the record.
    const kinds = Object.keys(LEDGER_KEY).filter((kind) => !['line', 'subscriptions', 'recordHead'].includes(kind));
    expect(new Set(keys.map((key) => key.split('#')[0]))).toStrictEqual(new Set(kinds));
    // Whoever claims an event binds its body first, if its id is not signed: no item of a body is of another source.
    const bodies = keys.flatMap((key) => (key.startsWith('body#') ? [key.split('#')[1]] : []));
    expect(new Set(bodies)).toStrictEqual(new Set(binding.map(({ name }) => name)));
    const functions = policies.functions.filter((id) => /(Verifier|Processor|Poller)$/.test(id));
    for (const key of keys) {
      const [kind = '', owner = ''] = key.split('#');
      const open = functions.filter((id) => policies.allows(id, WRITE(), { 'dynamodb:LeadingKeys': [key] }));
      const own = functions.filter((id) => sourceOf(id) === owner);
      const users = own.filter((id) => (kind === 'body' ? isBinding(id) : (USERS[kind] ?? /./).test(id)));
      expect([key, open]).toStrictEqual([key, users]);
    }
  });

  it('of a body is open to the functions that bind one, and to no others', () => {
    const functions = policies.functions.filter((id) => {
      const key = LEDGER_KEY.body(sourceOf(id) ?? '', '0'.repeat(64));
      return policies.allows(id, WRITE(), { 'dynamodb:LeadingKeys': [key] });
    });
    expect(functions.length).toBeGreaterThan(0);
    expect(functions).toStrictEqual(policies.functions.filter(isBinding));
  });

  const binding = resolveConfig(settings).sources.filter(({ provider, options }) => bindsBodies(provider, options));

  /** Who uses a kind of item, if not every function of the source does. */
  const USERS: Readonly<Record<string, RegExp>> = {
    alias: /(Processor|Poller)$/,
    breaker: /Processor$/,
    cursor: /Poller$/,
  };

  /** Whether a function claims events whose ids are not signed: not the processor, unless it splits deliveries. */
  const isBinding = (id: string): boolean =>
    binding.some(({ name, provider }) =>
      ['Verifier', 'Poller', ...(provider.batches === true ? ['Processor'] : [])].some(
        (role) => id === pascalCase(name) + role,
      ),
    );

  const WRITE = (): Grant => ({ action: 'dynamodb:UpdateItem', resource: policies.arn('Ledger') });
});

describe('the event bus', () => {
  const put = (id: string, source: string): boolean =>
    policies.allows(
      id,
      { action: 'events:PutEvents', resource: policies.arn('EventBus') },
      { 'events:source': busSource(source) },
    );

  it('takes the events of a source from its own processor', () => {
    for (const name of names) {
      const open = policies.functions.filter((id) => put(id, name));
      expect(open).toStrictEqual([`${pascalCase(name)}Processor`]);
    }
  });
});

/** The source whose function this is. */
const sourceOf = (functionId: string): string | undefined =>
  names.find((name) => functionId.startsWith(pascalCase(name)));

/** The condition keys of a publication. */
const publishing = (functionId: string) => ({ 'events:source': busSource(sourceOf(functionId) ?? '') });

/** A processor has dead letters of an outage go back to its queue: test/lambdas/core/process/repair.test.ts shows it. */
const repairs = ({ action, resource }: Grant): boolean =>
  action === 'sqs:SendMessage' || (action === 'sqs:ChangeMessageVisibility' && resource.endsWith('DeadLetters'));

/** The permissions that the run cannot show, and what each is for. */
const NOT_SEEN: Readonly<Record<string, string>> = {
  'logs:CreateLogStream': 'Lambda writes the log in the name of the function',
  'logs:PutLogEvents': 'Lambda writes the log in the name of the function',
  'sqs:ReceiveMessage': 'Lambda takes the messages in the name of the function',
  'sqs:DeleteMessage': 'Lambda takes the messages in the name of the function',
  'sqs:GetQueueAttributes': 'Lambda takes the messages in the name of the function',
  'kms:Decrypt through sqs': 'of a processor: Lambda takes the messages in its name',
  'xray:PutTraceSegments': 'Lambda sends the segments of a trace in the name of the function',
  'xray:PutTelemetryRecords': 'Lambda sends the segments of a trace in the name of the function',
  's3:ListBucket': 'without it S3 answers 403 for an object that is missing, as for one that is not allowed',
  'kms:Encrypt through dynamodb': 'AWS demands it of whoever uses a table under a customer-managed key',
  'kms:ReEncryptFrom through dynamodb': 'AWS demands it of whoever uses a table under a customer-managed key',
  'kms:ReEncryptTo through dynamodb': 'AWS demands it of whoever uses a table under a customer-managed key',
  'kms:GenerateDataKey through dynamodb': 'AWS demands it of whoever uses a table under a customer-managed key',
  'kms:GenerateDataKeyWithoutPlaintext through dynamodb': 'AWS demands it of whoever uses a table under such a key',
  'kms:DescribeKey through dynamodb': 'AWS demands it of whoever uses a table under a customer-managed key',
};

/** The uses that a service makes of the key in the caller's name, by the call. */
const KEY_USES: Readonly<Record<string, readonly string[]>> = {
  'dynamodb:GetItem': ['kms:Decrypt'],
  'dynamodb:PutItem': ['kms:Decrypt'],
  'dynamodb:UpdateItem': ['kms:Decrypt'],
  's3:GetObject': ['kms:Decrypt'],
  's3:PutObject': ['kms:GenerateDataKey'],
  'secretsmanager:GetSecretValue': ['kms:Decrypt'],
  'secretsmanager:PutSecretValue': ['kms:GenerateDataKey', 'kms:Decrypt'],
  'sqs:SendMessage': ['kms:GenerateDataKey', 'kms:Decrypt'],
};

const S3_ACTIONS: Readonly<Record<string, string>> = { GET: 'GetObject', PUT: 'PutObject' };

/** The calls of each function as grants that they take, each once. */
function usesOf(calls: readonly AwsCall[], { functions, arn }: Policies): Map<string, Grant[]> {
  const key = arn('EncryptionKey');
  const uses = new Map<string, Map<string, Grant>>();
  for (const call of calls) {
    if (call.function === undefined || !functions.includes(call.function)) continue;
    const action = actionOf(call);
    const own = uses.get(call.function) ?? new Map<string, Grant>();
    const throughKey = (KEY_USES[action] ?? []).map((use) => ({ action: use, resource: key, via: call.service }));
    for (const grant of [{ action, resource: arnOf(call) }, ...throughKey]) own.set(show(grant), grant);
    uses.set(call.function, own);
  }
  return new Map([...uses].map(([name, grants]) => [name, [...grants.values()]]));
}

/** The action of IAM that a call takes: a batch of SQS takes the action of its entries. */
const actionOf = ({ service, action }: AwsCall): string =>
  `${service}:${service === 's3' ? (S3_ACTIONS[action] ?? action) : service === 'sqs' ? action.replace(/Batch$/, '') : action}`;

function arnOf({ service, resource = '' }: AwsCall): string {
  const inRegion = (text: string): string => `arn:aws:${service}:${REGION}:${ACCOUNT_ID}:${text}`;
  if (service === 's3') return `arn:aws:s3:::${resource}`;
  if (service === 'dynamodb') return inRegion(`table/${resource}`);
  if (service === 'events') return inRegion(`event-bus/${resource}`);
  if (service === 'sqs') return inRegion(resource.slice(resource.lastIndexOf('/') + 1));
  return resource;
}

const covers = (grant: Grant, use: Grant): boolean =>
  grant.action === use.action && grant.via === use.via && matches(grant.resource, use.resource);

const matches = (pattern: string, resource: string): boolean =>
  pattern.endsWith('*') ? resource.startsWith(pattern.slice(0, -1)) : resource === pattern;

const show = ({ action, resource, via }: Grant): string =>
  `${action} on ${resource}${via === undefined ? '' : ` through ${via}`}`;
