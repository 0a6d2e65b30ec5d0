import { BatchGetItemCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { setTimeout as sleep } from 'node:timers/promises';
import { KEPT_TRIES } from '../../lambdas/adapters/kept-tries.ts';
import { LEDGER } from '../../lambdas/contract.ts';
import type { FaultRule } from '../../local/faults.ts';
import type { QueuesView, TargetQueueView } from '../../local/queue-view.ts';
import type { Addresses } from './gateway-process.ts';

interface Published {
  readonly at: number;
  readonly detail: { readonly metadata: { readonly source: string; readonly key: string } };
}

const PAGE = 5_000;
/** The most keys of one BatchGetItem. */
const BATCH = 100;

async function get<Value>(url: string): Promise<Value> {
  const response = await fetch(url, { signal: AbortSignal.timeout(60_000) });
  if (!response.ok) throw new Error(`${url} answers ${response.status}`);
  return (await response.json()) as Value;
}

export const queues = ({ url }: Addresses): Promise<QueuesView> => get(`${url}/_local/queues`);

/** Has calls of AWS meet a fault from now on, or none any more. */
export async function fault({ url }: Addresses, method: 'POST' | 'DELETE', rule?: FaultRule): Promise<void> {
  const init = rule ? { body: JSON.stringify(rule), headers: { 'content-type': 'application/json' } } : {};
  const response = await fetch(`${url}/_local/faults`, { method, ...init });
  if (!response.ok) throw new Error(await response.text());
}

/** When each event was published, by `source#key`. */
export async function publications({ url }: Addresses): Promise<ReadonlyMap<string, readonly number[]>> {
  const times = new Map<string, number[]>();
  for (let from = 0; ; from += PAGE) {
    const page = await get<Published[]>(`${url}/_local/bus?from=${from}&limit=${PAGE}`);
    for (const { at, detail } of page) {
      const id = `${detail.metadata.source}#${detail.metadata.key}`;
      times.set(id, [...(times.get(id) ?? []), at]);
    }
    if (page.length < PAGE) return times;
  }
}

/** The ledger's item of an event. */
export interface LedgerEntry {
  readonly status: string;
  /** When it was marked processed, in milliseconds since the epoch. */
  readonly processedAt: number | undefined;
  /** Why its last ten failed tries failed. */
  readonly failures: readonly string[];
}

/** The ledger's item of each event, by `source#key`. */
export async function ledgerEntries(
  addresses: Addresses,
  ids: readonly string[],
): Promise<ReadonlyMap<string, LedgerEntry>> {
  const { outputs } = await get<{ outputs: Record<string, string> }>(`${addresses.url}/_local/stack`);
  const table = outputs.LedgerTable;
  if (table === undefined) throw new Error('the stack names no ledger');
  const client = new DynamoDBClient(addresses.aws);
  const found = new Map<string, LedgerEntry>();
  for (let from = 0; from < ids.length; from += BATCH) {
    const keys = ids.slice(from, from + BATCH).map((id) => ({ [LEDGER.partitionKey]: { S: `event#${id}` } }));
    const answer = await client.send(new BatchGetItemCommand({ RequestItems: { [table]: { Keys: keys } } }));
    for (const item of answer.Responses?.[table] ?? []) {
      const at = item.processedAt?.S;
      found.set(item[LEDGER.partitionKey]?.S?.replace(/^event#/, '') ?? '', {
        status: item.status?.S ?? '',
        processedAt: at === undefined ? undefined : Date.parse(at),
        failures: KEPT_TRIES.attributes.flatMap((name) => item[name]?.S?.split(' ').slice(1).join(' ') ?? []),
      });
    }
  }
  client.destroy();
  return found;
}

/** Waits until every source and every target is settled. `isSettled` gets each with its queues, and can see to it. */
export async function drained(
  addresses: Addresses,
  patienceMs: number,
  isSettled: (lane: string, view: TargetQueueView) => Promise<boolean>,
): Promise<QueuesView> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const view = await queues(addresses);
    let isDone = true;
    const lanes = Object.entries({ ...view.sources, ...view.targets });
    for (const [lane, each] of lanes) if (!(await isSettled(lane, each))) isDone = false;
    if (isDone) return view;
    if (Date.now() > end) throw new Error(`messages wait after ${patienceMs} ms: ${JSON.stringify(view)}`);
    await sleep(500);
  }
}
