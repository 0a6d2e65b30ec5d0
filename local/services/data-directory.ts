import { chmodSync, existsSync, lstatSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import process from 'node:process';
import { DatabaseSync } from 'node:sqlite';
import { errorCode, OperatorError } from '../../cli/operator-error.ts';

/** A directory that one gateway at a time keeps its data in. */
export interface DataDirectory {
  /** The path of a file or directory in it. */
  at(name: string): string;
  /** Leaves it to another gateway; so does the end of this process, whatever ends it. */
  release(): void;
}

const LOCK = 'lock';
const CHOOSE_ANOTHER = 'or set HOOKGATE_DATA_DIR to another directory';

/**
 * Takes a directory, and makes it if there is none; nobody but its owner may enter it from then on. Throws an
 * {@link OperatorError} that says why it cannot be used: another gateway has it, it is not this user's, or it cannot be
 * made, written or read.
 */
export function takeDirectory(path: string): DataDirectory {
  make(path);
  closeToOthers(path);
  const lock = takeLock(path);
  return { at: (name) => join(path, name), release: () => lock.close() };
}

function make(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 });
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EEXIST' || code === 'ENOTDIR')
      throw new OperatorError(`The data directory ${path} is a file, or is below one: remove that, ${CHOOSE_ANOTHER}.`);
    throw new OperatorError(
      `The data directory ${path} cannot be made (${code}): make it yourself, ${CHOOSE_ANOTHER}.`,
    );
  }
}

const OTHERS = 0o077;

/**
 * Closes the directory to other users: it keeps secrets and the bodies of events. A directory that is used for something else
 * is not changed.
 */
function closeToOthers(path: string): void {
  // Windows keeps no such permissions: there the user's own directories are closed by default.
  if (process.platform === 'win32') return;
  const { uid, mode } = statSync(path);
  if (uid !== process.getuid?.())
    throw new OperatorError(`The data directory ${path} is another user's: make one of your own, ${CHOOSE_ANOTHER}.`);
  if ((mode & OTHERS) === 0) return;
  if (!isOurs(path))
    throw new OperatorError(
      `The data directory ${path} can be entered by others, and has more in it than Hookgate's data: run chmod 700 on it, ${CHOOSE_ANOTHER}.`,
    );
  chmodSync(path, 0o700);
}

function isOurs(path: string): boolean {
  const names = readdirSync(path);
  return names.length === 0 || (names.includes(LOCK) && lstatSync(join(path, LOCK)).isFile());
}

/** Codes of SQLite (https://sqlite.org/rescode.html). */
const [BUSY, LOCKED, NOT_A_DATABASE, CORRUPT] = [5, 6, 26, 11];

/** A lock of SQLite's is one that the system takes back from a process that is killed. */
function takeLock(path: string): DatabaseSync {
  const file = join(path, LOCK);
  const isNew = !existsSync(file);
  let lock: DatabaseSync | undefined;
  try {
    lock = new DatabaseSync(file);
    lock.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE');
    return lock;
  } catch (error) {
    lock?.close();
    const code = codeOf(error);
    if (code === BUSY || code === LOCKED)
      throw new OperatorError(`Another gateway uses ${path}: stop that gateway, ${CHOOSE_ANOTHER}.`);
    if (code === NOT_A_DATABASE || code === CORRUPT)
      throw new OperatorError(`${file} is not the lock of a gateway: remove that file, ${CHOOSE_ANOTHER}.`);
    const what = isNew ? 'written' : 'opened';
    throw new OperatorError(
      `The data directory ${path} cannot be used, because ${file} cannot be ${what} (SQLite ${code}): make both yours to read and write, ${CHOOSE_ANOTHER}.`,
    );
  }
}

/** The primary code of an error of SQLite's; the name of any other. */
const codeOf = (error: unknown): number | string =>
  typeof error === 'object' && error !== null && 'errcode' in error && typeof error.errcode === 'number'
    ? error.errcode & 0xff
    : errorCode(error);

/** Opens a part of the directory. Throws an {@link OperatorError} if what an earlier run left there cannot be read. */
export async function openPart<Part>(path: string | undefined, open: () => Part | Promise<Part>): Promise<Part> {
  try {
    return await open();
  } catch (error) {
    if (path === undefined || error instanceof OperatorError) throw error;
    throw new OperatorError(
      `${path} cannot be opened (${errorCode(error)}): make it yours to read and write, or, if it is damaged, move it away; then start again.`,
    );
  }
}
