import { reasonOf } from '../../errors.ts';
import type { Registered } from '../../registration.ts';
import { refuse } from '../../result.ts';
import type { Result } from '../../result.ts';
import type { UpkeepRun } from './run.ts';
import { writeMemory } from './memory.ts';
import type { Known } from './memory.ts';

/** The outcome of making a registration again. */
export interface Making {
  /** Absent: it was not made. */
  readonly made?: Registered;
  readonly fault?: string;
  /** True if there may be a registration now whose secret nobody has. */
  readonly isLost?: boolean;
}

/**
 * Makes a registration again. A secret that the provider tells once is stored before anything else is done; before the call it
 * is noted that a registration is being made, so that the next poll knows a registration whose secret nobody has.
 */
export async function makeAgain(events: readonly string[], known: readonly Known[], run: UpkeepRun): Promise<Making> {
  const { registration, api, isSecretTold, urls } = run;
  const secret = isSecretTold ? '' : await run.secret();
  if (secret === undefined) return { fault: 'no_secret' };
  try {
    if (isSecretTold) await run.save(writeMemory({ known, isMaking: true }));
    const made = await registration.create({ url: urls[0], events, secret }, api);
    if (!made.ok) return { fault: made.reason };
    const { secret: told, ...registered } = made.value;
    if (isSecretTold && told === undefined) return { fault: 'secret_not_told', isLost: true };
    if (told !== undefined) await run.stage(told);
    return { made: registered };
  } catch (error) {
    return { fault: reasonOf(error), isLost: isSecretTold };
  }
}

/** A call without an answer is a result too: the other registrations are looked after all the same. */
export const unlessThrown = <Value, Reason extends string>(call: Promise<Result<Value, Reason>>) =>
  call.catch((error: unknown) => refuse(reasonOf(error)));
