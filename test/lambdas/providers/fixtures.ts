import { existsSync, readFileSync, readdirSync } from 'node:fs';

/** A signed delivery that was computed outside this code; README.md says how. */
export interface Fixture {
  readonly name: string;
  readonly url: string;
  /** When the delivery is received. */
  readonly now: Date;
  readonly secrets: { readonly current: string; readonly previous?: string };
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  readonly bodySha256: string;
}

const root = new URL('../../fixtures/', import.meta.url);

/** One case, by its path below test/fixtures without an extension. */
export function loadFixture(name: string): Fixture {
  const json = JSON.parse(readFileSync(new URL(`${name}.json`, root), 'utf8')) as Omit<Fixture, 'now'> & {
    now: string;
  };
  return { ...json, name, now: new Date(json.now), body: readFileSync(new URL(`${name}.body`, root)) };
}

/** Every case of a provider. */
export const fixturesOf = (provider: string): readonly Fixture[] =>
  (existsSync(new URL(`${provider}/`, root)) ? readdirSync(new URL(`${provider}/`, root)) : [])
    .filter((file) => file.endsWith('.json'))
    .map((file) => loadFixture(`${provider}/${file.slice(0, -'.json'.length)}`));
