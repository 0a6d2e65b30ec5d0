import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A signed delivery that was recorded, or computed by another tool: `created.body` has its exact bytes, `created.json` the rest. */
export interface Recorded {
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
  /** The gaps of a case that was made from the template. */
  readonly fillIn?: string;
}

/** The recorded deliveries in a folder; none if there is no such folder. Throws an Error if one cannot be read. */
export function recordedIn(folder: string): readonly Recorded[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .map((file) => readRecorded(join(folder, file.slice(0, -'.json'.length)), file.slice(0, -'.json'.length)));
}

/** One recorded delivery, by its path without an extension. */
export function readRecorded(path: string, name: string): Recorded {
  const json = JSON.parse(readFileSync(`${path}.json`, 'utf8')) as Omit<Recorded, 'now'> & { readonly now: string };
  return { ...json, name, now: new Date(json.now), body: readFileSync(`${path}.body`) };
}
