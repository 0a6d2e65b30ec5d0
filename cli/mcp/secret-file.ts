import { readFile } from 'node:fs/promises';
import { errorCode, OperatorError } from '../operator-error.ts';
import type { ShellEnvironment } from '../local-gateway.ts';

const VARIABLE = 'HOOKGATE_NEW_SECRET_FILE';

/**
 * Reads a new secret from the file that the environment of the server names. A model never sees a secret, and cannot choose
 * which file is read.
 */
export async function secretFromFile(env: ShellEnvironment): Promise<string> {
  const path = env[VARIABLE] ?? '';
  if (path === '')
    throw new OperatorError(`Start the server with ${VARIABLE}, the path of a file with the new secret.`);
  try {
    return (await readFile(path, 'utf8')).replace(/\r?\n$/, '');
  } catch (error) {
    throw new OperatorError(`The file of ${VARIABLE} cannot be read (${errorCode(error)}).`);
  }
}
