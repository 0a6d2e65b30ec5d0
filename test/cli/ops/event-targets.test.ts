import { DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import type { GetItemCommandInput } from '@aws-sdk/client-dynamodb';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { mockClient } from 'aws-sdk-client-mock';
import { keyOf } from '../../../lambdas/adapters/ledger-item.ts';
import { eventOperation } from '../../../cli/ops/event.ts';
import { atTargets } from '../../../cli/ops/event-targets.ts';
import type { LedgerRecord } from '../../../cli/ops/ledger-record.ts';
import type { Ops } from '../../../cli/ops/ops.ts';
import { laneNamed, sourceNamed } from '../../../cli/sources.ts';
import { resolveConfig } from '../../../lib/config/config.ts';

const arn = (name: string): string => `arn:aws:sqs:us-east-1:123456789012:${name}`;
const config = resolveConfig({
  sources: {
    osigu: {
      provider: 'osigu',
      targets: [
        { name: 'told', kind: 'sqs', arn: arn('told') },
        { name: 'invoices', kind: 'sqs', arn: arn('invoices'), types: ['invoice.*'] },
        { name: 'late', kind: 'sqs', arn: arn('late'), types: ['visit.*'] },
      ],
    },
    bare: { provider: 'nvsep' },
  },
});
const ledger = mockClient(DynamoDBClient);
const ops = {
  config,
  gateway: { client: () => new DynamoDBClient({}), output: () => 'the-ledger' },
} as unknown as Ops;
const id = { source: 'osigu', key: 'evt_1' };
const record = (more: Partial<LedgerRecord>): LedgerRecord => ({
  ...{ deliveries: 1, failures: 0, leaseUntil: undefined, expiresAt: undefined, eventType: 'visit.booked' },
  ...more,
});

beforeEach(() => {
  ledger.reset();
  const told = JSON.stringify(keyOf({ ...id, source: 'osigu.told' }));
  ledger.on(GetItemCommand).callsFake(({ Key }: GetItemCommandInput) => {
    const source = { S: 'osigu.told' };
    return JSON.stringify(Key) === told ? { Item: { source, status: { S: 'PROCESSED' }, failures: { N: '3' } } } : {};
  });
});

describe('the fate of an event at the targets of its source', () => {
  it.each<[string, Partial<LedgerRecord>, string]>([
    ['waits', { status: 'QUEUED' }, 'not yet'],
    ['was processed before the target was there', { status: 'PROCESSED' }, 'later'],
    ['is a copy', { status: 'PROCESSED', copyOf: 'evt_0' }, 'other event'],
    ['came after a newer one', { status: 'PROCESSED', supersededBy: 'evt_2' }, 'other event'],
  ])('is told of each: of an event that %s', async (_name, more, why) => {
    const { targets, notTold } = await atTargets(ops, id, record(more));
    expect(targets.map(({ source, status, failures }) => [source, status, failures])).toEqual([
      ['osigu.told', 'PROCESSED', 3],
    ]);
    expect(notTold).toEqual([
      { source: 'osigu.invoices', why: 'type' },
      { source: 'osigu.late', why },
    ]);
  });

  it('is nothing for a source without targets, and for a target', async () => {
    for (const source of ['bare', 'osigu.told'])
      expect(await atTargets(ops, { ...id, source }, record({}))).toEqual({ targets: [], notTold: [] });
  });
});

it('says of an event without an order key that its order was not kept, and which path has none', async () => {
  const unorderedBy = { S: 'data.patientId' };
  ledger.on(GetItemCommand).resolves({ Item: { source: { S: 'bare' }, status: { S: 'PROCESSED' }, unorderedBy } });
  const report = await eventOperation.run({ ...ops, clock: () => 0 }, { source: 'bare', key: 'evt_1' });
  expect(JSON.stringify(report.text)).toContain('it has no order key: no text, number or boolean at data.patientId.');
  expect(report.data).toMatchObject({ unorderedBy: 'data.patientId' });
});

describe('a name', () => {
  const { sources } = config;
  it('is one of a source or of a target, to what takes both', () => {
    expect([laneNamed('osigu', sources).name, laneNamed('osigu.late', sources).name]).toEqual(['osigu', 'osigu.late']);
    expect(() => laneNamed('osigu.other', sources)).toThrow(
      'There is no target "osigu.other" in hookgate.config.ts; the targets are: osigu.told, osigu.invoices, osigu.late.',
    );
    expect(() => laneNamed('nobody', sources)).toThrow('There is no source "nobody"');
  });

  it('of a target is not one of a source, and says which is meant', () => {
    expect(() => sourceNamed('osigu.late', sources)).toThrow(
      '"osigu.late" is the name of a target, and this takes a source: name osigu.',
    );
  });
});
