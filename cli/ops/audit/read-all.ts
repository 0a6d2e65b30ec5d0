import { OperatorError } from '../../operator-error.ts';
import type { RecordStore } from '../record/store.ts';

/** Entries that are read at the same time. */
const AT_ONCE = 25;

/** The texts at the places, in their order; a place without an entry is left out. */
export async function readAll(store: RecordStore, numbers: readonly number[]): Promise<Map<number, string>> {
  const texts = new Map<number, string>();
  for (let from = 0; from < numbers.length; from += AT_ONCE) {
    const batch = numbers.slice(from, from + AT_ONCE);
    const read = await Promise.all(batch.map((number) => store.read(number)));
    for (const [index, number] of batch.entries()) {
      const text = read[index];
      if (text !== undefined) texts.set(number, text);
    }
  }
  return texts;
}

/** A head as a person notes it down: `12:<hash>`. Throws an {@link OperatorError} for anything else. */
export function headNamed(text: string) {
  const [, number, hash] = /^([1-9]\d{0,9}):([\da-f]{64})$/.exec(text) ?? [];
  if (number === undefined || hash === undefined)
    throw new OperatorError('--head takes what audit verify printed earlier: a number, a colon and 64 hex digits.');
  return { number: Number(number), hash };
}
