import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, sep } from 'node:path';

/** Files, and the directories that they are in, each with the state that it had. */
export type FileStates = Readonly<Record<string, string>>;

/** The states of the files that something was made of: contents alone count, and no time stamps. */
export const statesOf = (paths: readonly string[]): FileStates =>
  Object.fromEntries(paths.flatMap(withDirectory).map((path) => [path, stateOf(path)]));

/**
 * Whether all is as it was. `known` keeps the states of this look: what is made of the same files is compared without a read of
 * each again.
 */
export const isUnchanged = (states: FileStates, known = new Map<string, string>()): boolean =>
  Object.entries(states).every(([path, state]) => {
    const now = known.get(path) ?? stateOf(path);
    known.set(path, now);
    return now === state;
  });

const isInstalled = (path: string): boolean => path.includes(`${sep}node_modules${sep}`);

/** A file that appears beside an imported one can take its place; packages change as a whole, which their lock file tells. */
const withDirectory = (path: string): string[] => (isInstalled(path) ? [path] : [path, dirname(path)]);

/** The content of a file, or the names in a directory, as a hash. */
function stateOf(path: string): string {
  const hash = createHash('sha256');
  try {
    if (statSync(path).isDirectory()) hash.update(readdirSync(path).sort().join('\n'));
    else hash.update(readFileSync(path));
  } catch {
    return 'none';
  }
  return hash.digest('hex');
}
