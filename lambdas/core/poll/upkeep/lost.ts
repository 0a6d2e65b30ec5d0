import type { Registered } from '../../registration.ts';
import type { MakingFrom, Memory } from './memory.ts';
import { unlessThrown } from './repair.ts';
import type { UpkeepRun } from './run.ts';

/** The registrations that are left after a poll that died. */
export interface AfterLost {
  readonly own: readonly Registered[];
  /** Present if it is still open which registration has a secret that nobody has. */
  readonly making?: MakingFrom | undefined;
  /** Ids of the registrations that may be the one. */
  readonly open?: readonly string[];
  readonly fault?: string | undefined;
}

/**
 * Deletes the registration that a poll has made and died before it could store its secret, so that another can be made. It is the one
 * that was not there before, if nobody has stored a secret since: with a secret stored, that registration may be an operator's.
 */
export async function withoutLost(
  own: readonly Registered[],
  { known, making }: Memory,
  { upkeep, api, labels }: UpkeepRun,
): Promise<AfterLost> {
  if (!making || !upkeep.remove) return { own };
  const isOld = ({ id }: Registered): boolean => making.ids.includes(id) || known.some((each) => each.id === id);
  const news = own.filter((each) => !isOld(each));
  const [lost] = news;
  if (!lost) return { own };
  const now = await labels();
  if (now.current !== making.labels.current || now.pending !== making.labels.pending) return { own };
  const open = news.map(({ id }) => id);
  if (open.length > 1) return { own, making, open, fault: 'secret_unclear' };
  const removed = await unlessThrown(upkeep.remove(lost.id, api));
  if (!removed.ok) return { own, making, open, fault: removed.reason };
  return { own: own.filter(({ id }) => id !== lost.id) };
}
