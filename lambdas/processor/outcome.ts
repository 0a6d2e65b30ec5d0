import { isInstance } from '../core/errors.ts';
import { failureReason } from '../core/permanent-error.ts';
import { HandlerDidNotRun } from './handler-shape.ts';
import type { Outcome } from './runner-messages.ts';

/** Resolves to what became of a call of the handler. Never rejects, whatever the handler throws. */
export async function outcomeOf(place: number, result: Promise<unknown>): Promise<Outcome> {
  try {
    await result;
    return { kind: 'done', place };
  } catch (error) {
    if (isInstance(error, HandlerDidNotRun)) console.error(error.message);
    return { kind: 'failed', place, reason: failureReason(error) };
  }
}
