import Table from 'cli-table3';
import type { Account } from './account.ts';
import type { Sent } from './load.ts';

/** The account of a target, as a table; the events that it is not to get count as forged. */
export function targetTable(name: string, account: Account): string {
  const { lost, twice, excused, accepted, stranded, contradicted } = account;
  return tableOf(name, account, [
    ['events that it wants', account.sent],
    ['events that it took', account.processed],
    ['dead letters that can be nothing else', account.dead],
    ['events that it does not want', account.forged],
    ['LOST', lost.length],
    ['TAKEN TWICE', twice.length],
    ['taken twice, as docs/guarantees.md allows', excused.length],
    ['TAKEN THOUGH NOT WANTED', accepted.length],
    ['DEAD LETTERS THAT A TRY WOULD HANDLE', stranded.length],
    ['told differently by ledger and target', contradicted.length],
  ]);
}

/** The account of a run, as a table. */
export function accountTable(name: string, account: Account, sent: Sent): string {
  const { lost, twice, excused, accepted, stranded, contradicted } = account;
  return tableOf(name, account, [
    ['events sent', account.sent],
    ['deliveries, duplicates and retries included', sent.deliveries],
    ['of these, retries', sent.retries],
    ['events acknowledged', account.acknowledged],
    ['events processed', account.processed],
    ['events quarantined', account.quarantined],
    ['dead letters that can be nothing else', account.dead],
    ['events given up by their provider', account.givenUp],
    ['forgeries sent', account.forged],
    ['LOST', lost.length],
    ['PROCESSED TWICE', twice.length],
    ['processed twice, as docs/guarantees.md allows', excused.length],
    ['FORGERIES ACCEPTED', accepted.length],
    ['DEAD LETTERS THAT A TRY WOULD HANDLE', stranded.length],
    ['authentic deliveries turned away', sent.turnedAway],
    ['told differently by ledger, bus and quarantine', contradicted.length],
    ['seconds', sent.seconds.toFixed(0)],
    ['events a second', (sent.events.length / sent.seconds).toFixed(0)],
    ['answer, ms: p50 / p95 / p99 / slowest', percentiles(sent.times)],
  ]);
}

/** The rows, and the ids at which somebody must look. */
function tableOf(name: string, account: Account, rows: readonly (readonly [string, string | number])[]): string {
  const table = new Table({
    head: [name, ''],
    colAligns: ['left', 'right'],
    style: { head: [], border: [], compact: true },
  });
  table.push(...rows.map((row) => [...row]));
  const { lost, twice, accepted, stranded, contradicted } = account;
  const wrong = [...lost, ...twice, ...accepted, ...stranded, ...contradicted].slice(0, 10);
  const lines = [...wrong.map((id) => `look at ${id}`), ...account.known.slice(0, 10)];
  return [table.toString(), ...lines.map((line) => `  ${line}`)].join('\n');
}

export function percentiles(times: readonly number[]): string {
  const sorted = times.toSorted((a, b) => a - b);
  const at = (part: number): string => (sorted[Math.floor((sorted.length - 1) * part)] ?? 0).toFixed(0);
  return [0.5, 0.95, 0.99, 1].map(at).join(' / ');
}
