import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { OperatorError } from '../../cli/operator-error.ts';

/** A directory that one gateway at a time keeps its data in. */
export interface DataDirectory {
  /** The path of a file or directory in it. */
  at(name: string): string;
  /** Leaves it to another gateway; so does the end of this process, whatever ends it. */
  release(): void;
}

/** Takes a directory, and makes it where there is none. Throws an {@link OperatorError} where another gateway has it. */
export function takeDirectory(path: string): DataDirectory {
  mkdirSync(path, { recursive: true, mode: 0o700 });
  // A lock of SQLite's is one that the system takes back from a process that is killed.
  const lock = new DatabaseSync(join(path, 'lock'));
  try {
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
  } catch {
    lock.close();
    throw new OperatorError(
      `Another gateway uses ${path}: stop that one, or set HOOKGATE_DATA_DIR to another directory.`,
    );
  }
  return { at: (name) => join(path, name), release: () => lock.close() };
}
