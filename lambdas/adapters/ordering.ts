import type { Ordering } from '../core/line.ts';
import { optionalSetting } from './environment.ts';
import type { LedgerSettings } from './ledger.ts';
import { dynamoLines } from './lines.ts';

/** How the events of this function's source are ordered, as the stack says it; undefined if they are not, and nothing is set up. */
export function orderingFromEnvironment(ledger: LedgerSettings): Ordering | undefined {
  const text = optionalSetting('order');
  if (text === undefined) return undefined;
  const { by, newestOnly } = JSON.parse(text) as Pick<Ordering, 'by' | 'newestOnly'>;
  return { by, newestOnly, lines: dynamoLines(ledger) };
}
