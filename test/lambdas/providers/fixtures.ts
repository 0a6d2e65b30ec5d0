import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { casesOf, isMine } from './subjects.ts';

/** A signed delivery that was computed outside this code; README.md says how. */
export interface Fixture {
  readonly name: string;
  readonly url: string;
  /** The URL that the provider has, if it signs another one than it sends to. */
  readonly publicUrl?: string;
  /** When the delivery is received. */
  readonly now: Date;
  readonly secrets: { readonly current: string; readonly previous?: string };
  readonly headers: Readonly<Record<string, string>>;
  /** The key in PEM that the provider publishes, for a scheme whose keys are fetched. */
  readonly publicKey?: string;
  readonly body: Buffer;
  readonly bodySha256: string;
}

/** The gaps of a case that was made from the template. */
interface Unfinished {
  readonly fillIn?: string;
}

function load(path: string, name: string): Fixture & Unfinished {
  const json = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as Omit<Fixture, 'now'> & Unfinished & { now: string };
  return { ...json, name, now: new Date(json.now), body: readFileSync(`${path}.body`) };
}

/** One case, by its path below test/fixtures without an extension. */
export const loadFixture = (name: string): Fixture => load(`test/fixtures/${name}`, name);

/** Every case of a provider; a customer's own may have some that are still to be filled in, which do not count. */
export function fixturesOf(provider: string): readonly Fixture[] {
  const folder = casesOf(provider);
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => file.slice(0, -'.json'.length))
    .map((name) => load(`${folder}/${name}`, `${provider}/${name}`))
    .filter(({ fillIn }) => !isMine || fillIn === undefined);
}
