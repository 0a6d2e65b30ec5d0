import type { AttributeValue, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { randomUUID } from 'node:crypto';
import { dynamoLedger } from '../../../lambdas/adapters/ledger.ts';
import { LEDGER, LEDGER_LIST } from '../../../lambdas/contract.ts';
import { archivePlace } from '../../../lambdas/core/archive.ts';
import { identifyAll } from '../../../lambdas/core/receive/identify.ts';
import type { SourceConfig } from '../../../lib/config/config.ts';
import { delivery, NOW, sampled } from '../../lambdas/providers/deliveries.ts';
import { MemoryTable } from '../../proof/table.ts';

/** The attributes that the index of the ledger has. */
const PLACE: readonly string[] = [LEDGER.partitionKey, LEDGER_LIST.partitionKey, LEDGER_LIST.sortKey];

/** Bytes of a processed event of a source's sample in the ledger, and of its place in the index, as DynamoDB counts them. */
export async function ledgerBytes(source: SourceConfig): Promise<{ readonly item: number; readonly place: number }> {
  const table = new MemoryTable();
  const client = { send: (command: object) => Promise.resolve(table.execute(command)) } as unknown as DynamoDBClient;
  const { windowSeconds, provider } = source;
  const ledger = dynamoLedger({ table: 'ledger', windowSeconds, clock: () => NOW.getTime(), client });
  const { body, headers } = sampled(provider, { id: randomUUID() });
  const verdict = { ok: true, secret: { label: 'current', versionId: randomUUID() } } as const;
  const [event] = identifyAll({ delivery: delivery(headers, body), verdict, receivedAt: NOW }, source);
  if (!event) throw new Error(`the sample of ${provider.name} has no event`);
  const owner = randomUUID();
  const archivedIn = archivePlace(source.name, NOW.getTime(), owner);
  await ledger.claim(event);
  await ledger.markQueued(event);
  await ledger.lease(event, { owner, until: NOW.getTime(), archivedIn });
  await ledger.markProcessed(event, { owner, archivedIn });
  const [item] = table.all();
  if (!item) throw new Error('nothing was written');
  const place = Object.entries(item).filter(([name]) => PLACE.includes(name));
  return { item: bytesOf(Object.entries(item)), place: bytesOf(place) };
}

/** A number takes a byte for two of its digits, and one more. */
const bytesOf = (attributes: readonly (readonly [string, AttributeValue])[]): number =>
  attributes.reduce(
    (sum, [name, { S: text, N: digits }]) =>
      sum + name.length + Buffer.byteLength(text ?? '') + (digits === undefined ? 0 : Math.ceil(digits.length / 2) + 1),
    0,
  );
