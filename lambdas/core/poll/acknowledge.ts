import type { Acknowledging } from '../missed-events.ts';
import { inParts, isLate } from './run.ts';
import type { PollRun } from './run.ts';

/**
 * Acknowledges the entries that are safe, and has the provider deliver again if it may have stopped. Before the first
 * acknowledgement it saves that the circuit must be reopened: afterwards the list no longer shows that events were missed.
 */
export async function acknowledgeAll(run: PollRun): Promise<void> {
  const { missed, api, ports, tally, state, safe } = run;
  const acknowledging = 'acknowledging' in missed ? missed.acknowledging : undefined;
  if (!acknowledging) return;
  const wereMissed = tally.foundMissed || safe.length > 0;
  if (wereMissed && state.reopenDue !== true) await ports.cursor.save(ports.owner, { reopenDue: true });
  await acknowledgeSafe(acknowledging, run);

  const isDue = wereMissed || state.reopenDue === true || (await acknowledging.isCircuitOpen(api)) === true;
  // The provider must not send events while this gateway cannot take them.
  if (!isDue || tally.counts.failed > 0) return;
  const status = await acknowledging.reopen(api);
  if (!isSuccess(status)) {
    tally.fault('reopen', `http_${status}`);
    return;
  }
  tally.reopened = true;
  await ports.cursor.save(ports.owner, { reopenDue: false });
}

async function acknowledgeSafe(acknowledging: Acknowledging, run: PollRun): Promise<void> {
  const { api, tally } = run;
  const batches = inParts([...new Set(run.safe)], acknowledging.batchSize);
  for (const [index, ids] of batches.entries()) {
    if (isLate(run)) {
      // The next poll lists them again, knows them, and acknowledges them.
      tally.left += batches.slice(index).flat().length;
      return;
    }
    const status = await acknowledging.acknowledge(ids, api);
    if (!isSuccess(status)) {
      tally.fault('acknowledge', `http_${status}`);
      return;
    }
    tally.acknowledged += ids.length;
  }
}

const isSuccess = (status: number): boolean => status >= 200 && status < 300;
