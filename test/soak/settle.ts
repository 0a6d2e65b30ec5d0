import { accountOf } from './account.ts';
import type { Account, Excuse } from './account.ts';
import type { PlannedEvent } from './events.ts';
import type { GatewayProcess } from './gateway-process.ts';
import { drained, ledgerEntries, publications } from './inspection.ts';

/** The longest that what is queued takes to be processed, retries of failed messages included. */
const PATIENCE_MS = 600_000;

/** Waits until nothing waits for a processor, and redrives what failed too often. */
export async function settle(gateway: GatewayProcess): Promise<void> {
  await drained(gateway.addresses, PATIENCE_MS, async (source) => {
    await gateway.ops(['redrive', source]).catch(() => undefined);
  });
}

/** Makes the account of a gateway that has settled, and meets no fault any more: what it holds is looked at as an operator does. */
export async function accountFor(
  gateway: GatewayProcess,
  events: readonly PlannedEvent[],
  acknowledged: ReadonlySet<string>,
  excuse?: Excuse,
): Promise<Account> {
  const published = await publications(gateway.addresses);
  const ledger = await ledgerEntries(
    gateway.addresses,
    events.map(({ id }) => id),
  );
  const waiting = await quarantined(gateway);
  const fates = events.map(({ id, kind }) => ({
    ...{ id, kind, acknowledged: acknowledged.has(id) },
    published: published.get(id) ?? [],
    status: ledger.get(id)?.status,
    processedAt: ledger.get(id)?.processedAt,
    lastFailure: ledger.get(id)?.lastFailure,
    waits: waiting.has(id),
  }));
  return accountOf(fates, excuse);
}

/** Whose messages wait in quarantine, by `source#key`. */
async function quarantined(gateway: GatewayProcess): Promise<ReadonlySet<string>> {
  const report = await gateway.ops(['quarantine', 'list', '--json', '--limit', '999999']);
  const { events } = JSON.parse(report) as { events: readonly { readonly source: string; readonly key: string }[] };
  return new Set(events.map(({ source, key }) => `${source}#${key}`));
}
