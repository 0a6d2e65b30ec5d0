import { reasonOf } from '../../errors.ts';
import { createRegistered } from '../../registration-calls.ts';
import type { Created, Registered } from '../../registration.ts';
import { refuse } from '../../result.ts';
import type { Result } from '../../result.ts';
import type { Upkeeping } from './run.ts';
import { writeMemory } from './memory.ts';
import type { MakingFrom } from './memory.ts';

/** The outcome of making a registration again. */
export interface Making {
  /** Absent: it was not made, as far as anybody knows. */
  readonly made?: Registered;
  readonly fault?: string;
  /** Whether it may have been made all the same. `strange`: the provider says that it was, and not what. */
  readonly doubt?: 'unanswered' | 'strange';
  /** Present if there may be a registration now whose secret nobody has. */
  readonly lost?: MakingFrom;
}

/** Nothing was made, and nothing is there. */
const REFUSED: readonly string[] = ['refused', 'no_secret'];
/** Answers of success that do not say what was made. */
const STRANGE: readonly string[] = ['not_json', 'not_a_list', 'no_id', 'other_url'];

/**
 * Why no registration may be made now whose secret the provider tells: another secret is pending. The new one would take its place,
 * and deliveries signed with it would be refused. Undefined if one may be made.
 */
export async function whyNotMade({ isSecretTold, labels }: Upkeeping): Promise<'secret_pending' | undefined> {
  return isSecretTold && (await labels()).pending !== undefined ? 'secret_pending' : undefined;
}

/**
 * Makes a registration again. A secret that the provider tells once is stored before anything else is done; before the call it
 * is noted what was there, so that the next poll knows a registration whose secret nobody has.
 */
export async function makeAgain(events: readonly string[], run: Upkeeping): Promise<Making> {
  const { registration, api, isSecretTold, urls } = run;
  const secret = isSecretTold ? '' : await run.secret();
  if (secret === undefined) return { fault: 'no_secret' };
  const from = isSecretTold ? { ids: run.ids, labels: await run.labels() } : undefined;
  if (from) await run.save(writeMemory({ known: run.all, making: from }));
  const lost = from && { lost: from };
  const made = await unlessThrown<Created>(createRegistered(registration, { url: urls[0], events, secret }, api));
  if (!made.ok) {
    if (made.reason.startsWith('http_4') || REFUSED.includes(made.reason)) return { fault: made.reason };
    return { fault: made.reason, doubt: STRANGE.includes(made.reason) ? 'strange' : 'unanswered', ...lost };
  }
  const { secret: told, ...registered } = made.value;
  if (isSecretTold && told === undefined) return { fault: 'secret_not_told', doubt: 'unanswered', ...lost };
  try {
    if (told !== undefined) await run.stage(told);
    return { made: registered };
  } catch (error) {
    return { fault: reasonOf(error), doubt: 'unanswered', ...lost };
  }
}

/** A call without an answer is a result too: the other registrations are looked after all the same. */
export const unlessThrown = <Value>(call: Promise<Result<Value, string>>): Promise<Result<Value, string>> =>
  call.catch((error: unknown) => refuse(reasonOf(error)));
