import { OperatorError } from '../operator-error.ts';
import { shown } from '../text/shown.ts';
import type { Ops } from './ops.ts';

/** Asks before something is done for good. Throws an OperatorError unless the answer, given now or beforehand, is yes. */
export async function confirm(
  { ask }: Ops,
  question: string,
  { yes = false }: { readonly yes?: boolean },
): Promise<void> {
  if (yes) return;
  if (!ask) throw new OperatorError(`${question} Nobody is here to ask: add --yes.`);
  if (!/^y(es)?$/i.test((await ask(`${shown(question)} [y/N] `)).trim()))
    throw new OperatorError('Nothing was dropped.');
}
