import { sampleOf } from '../lambdas/core/provider.ts';
import type { Provider } from '../lambdas/core/provider.ts';
import { defaultOptionsOf } from './sources.ts';

/** Body sizes, in kilobytes of 1,000 bytes. */
export const SIZES_KB = [1, 10, 100, 1000] as const;

/** Something that a provider's JSON body is full of: numbers, quotes, blanks, here and there a character that is not ASCII. */
const RECORD = { id: 'item-0017', status: 'settled', amount: 128.45, note: "10 mg daily, at ~8 o'clock (pâté) & more" };

/** A sample event of the provider, made up with records to exactly so many bytes. */
export function bodyOf(provider: Provider, bytes: number, now: Date): Buffer {
  const event = JSON.parse(
    sampleOf(provider, { id: 'bench', now, options: defaultOptionsOf(provider) }).body.toString(),
  ) as object;
  const at = (records: number, padding: number): Buffer =>
    Buffer.from(JSON.stringify({ ...event, records: Array(records).fill(RECORD), padding: 'x'.repeat(padding) }));
  const empty = at(0, 0).length;
  if (empty > bytes) throw new Error(`a sample of ${provider.title} has ${empty} bytes already`);
  const record = Buffer.byteLength(JSON.stringify(RECORD)) + 1;
  const records = Math.floor((bytes - empty) / record);
  return at(records, bytes - at(records, 0).length);
}
