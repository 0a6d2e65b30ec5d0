import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { eventOperation } from '../../../cli/ops/event.ts';
import type { OperatedGateway } from '../../../cli/ops/gateway.ts';
import type { Ops } from '../../../cli/ops/ops.ts';
import { releaseEvents } from '../../../cli/ops/quarantine/release.ts';
import { dynamoLedger } from '../../../lambdas/adapters/ledger.ts';
import { accept } from '../../../lambdas/core/accept.ts';
import type { Event } from '../../../lambdas/core/event.ts';
import { keyOfBody } from '../../../lambdas/core/event-key.ts';
import type { Coverage } from '../../../lambdas/core/schemes/scheme.ts';
import { encodeMessage } from '../../../lambdas/core/message.ts';
import { resolveConfig } from '../../../lib/config/config.ts';
import { startLedgerTables } from '../../ledger-tables.ts';
import type { LedgerTables } from '../../ledger-tables.ts';
import { makeEvent, MemoryQueue, recordingObserver } from '../../lambdas/core/in-memory.ts';

let tables: LedgerTables;
beforeAll(async () => (tables = await startLedgerTables()));
afterAll(() => tables.stop());

/** A gateway of one source, and the operator's command that releases all of its quarantine. */
async function setUp() {
  const [table, clock] = [await tables.create(), () => Date.parse('2026-01-02T03:04:05.678Z')];
  const ledger = dynamoLedger({ table, windowSeconds: 1000, clock, client: tables.client });
  const [queue, quarantine] = [new MemoryQueue(), new MemoryQueue()];
  const sent: string[] = [];
  // A message in quarantine is handed out once; a message that is sent goes into the source's queue.
  const held = { handed: false };
  const answerTo = (name: string, input: Readonly<Record<string, unknown>>): unknown => {
    if (name === 'SendMessageCommand') return void sent.push(String(input.MessageBody));
    if (name !== 'ReceiveMessageCommand' || held.handed) return {};
    held.handed = true;
    const texts = quarantine.events.map((event) => encodeMessage(event));
    return { Messages: texts.map((Body, index) => ({ MessageId: `${index}`, ReceiptHandle: `${index}`, Body })) };
  };
  const sqs = {
    send: (command: { readonly input: Readonly<Record<string, unknown>> }) =>
      Promise.resolve(answerTo(command.constructor.name, command.input)),
  };
  const clients = new Map<unknown, unknown>([
    [DynamoDBClient, tables.client],
    [SQSClient, sqs],
  ]);
  const gateway: OperatedGateway = {
    ...{ name: 'memory', isLocal: true, output: () => table },
    outputOf: () => Promise.reject(new Error('no outputs here')),
    resourceOf: (_source, part) => Promise.resolve(`https://queues.example.com/${part}`),
    client: <Client>(Kind: new (...given: never[]) => Client) => clients.get(Kind) as Client,
  };
  const ops: Ops = {
    ...{ gateway, clock, newId: () => 'an order', printError: () => undefined },
    config: resolveConfig({ sources: { github: { provider: 'github' } } }),
    readSecret: () => Promise.reject(new Error('no secret here')),
  };
  const release = () => {
    held.handed = false;
    return releaseEvents(ops, 'github', undefined, { all: true, limit: 10 });
  };
  const ports = { ledger, queue, quarantine, observer: recordingObserver() };
  return { ops, release, sent, deliver: (event: Event) => accept(event, ports) };
}

const named = makeEvent({ source: 'github', key: 'the-id', unsignedId: true });
/** The same body, its id left out. */
const nameless: Event = { ...named, ...keyOfBody(named.bodyHash), quarantine: 'no_event_id' };

describe('to release an event whose unsigned id was left out', () => {
  it('is refused if its body has come with an id since, because it would be processed twice', async () => {
    const { release, sent, deliver } = await setUp();
    expect(await deliver(nameless)).toBe('quarantined');
    expect(await deliver(named)).toBe('accepted');
    expect(await release()).toMatchObject({
      ok: false,
      data: { released: [], refused: [nameless.key] },
      text: expect.arrayContaining([expect.stringContaining('the same body came with that id')]),
    });
    expect(sent).toEqual([]);
  });

  it('has it processed if its body has not, and makes a duplicate of the body with an id', async () => {
    const { release, sent, deliver } = await setUp();
    await deliver(nameless);
    const released = { ok: true, data: { released: [nameless.key], refused: [] } };
    expect(await release()).toMatchObject(released);
    expect(await deliver(named)).toBe('duplicate');
    expect(sent).toHaveLength(1);
    // After a crash in between, the operator releases it again.
    expect(await release()).toMatchObject(released);
  });
});

describe('ops event', () => {
  it.each<[Coverage, string]>([
    ['body', 'The signature covers the whole body.'],
    ['fields', 'The signature covers some fields of the body, and not the others.'],
    ['caller', 'Only the caller is proved: nothing of the body is signed.'],
  ])('says what the signature covers: %s', async (coverage, sentence) => {
    const { ops, deliver } = await setUp();
    await deliver({ ...named, coverage });
    const report = await eventOperation.run(ops, { source: 'github', key: named.key });
    expect(report).toMatchObject({ data: { coverage }, text: expect.arrayContaining([sentence]) });
  });
});
