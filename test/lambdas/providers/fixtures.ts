import { readRecorded, recordedIn } from '../../../package/recorded.ts';
import type { Recorded } from '../../../package/recorded.ts';
import { casesOf, isMine } from './subjects.ts';

/** A signed delivery that was computed outside this code; README.md says how. */
export type Fixture = Recorded;

/** One case, by its path below test/fixtures without an extension. */
export const loadFixture = (name: string): Fixture => readRecorded(`test/fixtures/${name}`, name);

/** Every case of a provider; a customer's own may have some that are still to be filled in, which do not count. */
export function fixturesOf(provider: string): readonly Fixture[] {
  return recordedIn(casesOf(provider))
    .map((recorded) => ({ ...recorded, name: `${provider}/${recorded.name}` }))
    .filter(({ fillIn }) => !isMine || fillIn === undefined);
}
