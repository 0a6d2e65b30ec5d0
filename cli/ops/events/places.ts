import { paginateQuery } from '@aws-sdk/client-dynamodb';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { LEDGER, LEDGER_LIST } from '../../../lambdas/contract.ts';

/** An event's place in the ledger's list, which orders all events, and the key of its item. */
export interface Place {
  readonly place: string;
  readonly pk: string;
}

/** Which part of the list is read: places from `from` to before `before`, as texts. */
export interface Range {
  readonly from: string;
  readonly before: string;
}

/** Before the first and behind the last place that there can be: a time is digits. */
export const [START, END] = ['0', '9~'];

/** Where the ledger's list is, and how many places are read of a shard at a time. */
export interface ListSource {
  readonly client: DynamoDBClient;
  readonly table: string;
  readonly pageSize: number;
}

/**
 * The places of several sources, the newest first. Each shard is in order, and is read as far as its places are asked for. A place is
 * below all that were given before it, so a list that goes on from the last place has neither holes nor repeats, whatever comes
 * meanwhile: what is new is above.
 */
export async function* newestFirst(list: ListSource, sources: readonly string[], range: Range): AsyncGenerator<Place> {
  const shards = sources.flatMap((source) => LEDGER_LIST.shardsOf(source)).map((shard) => placesOf(list, shard, range));
  const heads = await Promise.all(shards.map(async (shard) => ({ shard, head: await nextOf(shard) })));
  for (;;) {
    let newest: (typeof heads)[number] | undefined;
    for (const each of heads) if (each.head && (!newest?.head || each.head.place > newest.head.place)) newest = each;
    if (!newest?.head) return;
    yield newest.head;
    newest.head = await nextOf(newest.shard);
  }
}

/** The next place; undefined if there is none. */
export async function nextOf(places: AsyncGenerator<Place>): Promise<Place | undefined> {
  const next: IteratorResult<Place, unknown> = await places.next();
  return next.done === true ? undefined : next.value;
}

async function* placesOf(
  { client, table, pageSize }: ListSource,
  shard: string,
  { from, before }: Range,
): AsyncGenerator<Place, undefined> {
  const query = {
    TableName: table,
    IndexName: LEDGER_LIST.index,
    KeyConditionExpression: '#shard = :shard AND #place BETWEEN :from AND :before',
    ExpressionAttributeNames: { '#shard': LEDGER_LIST.partitionKey, '#place': LEDGER_LIST.sortKey },
    ExpressionAttributeValues: { ':shard': { S: shard }, ':from': { S: from }, ':before': { S: before } },
    ScanIndexForward: false,
  };
  for await (const { Items: items = [] } of paginateQuery({ client, pageSize }, query)) {
    for (const item of items) {
      const [place, pk] = [item[LEDGER_LIST.sortKey]?.S, item[LEDGER.partitionKey]?.S];
      // BETWEEN includes its end.
      if (place !== undefined && pk !== undefined && place < before) yield { place, pk };
    }
  }
}
