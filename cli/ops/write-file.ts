import { writeFile as write } from 'node:fs/promises';
import { errorCode, OperatorError } from '../operator-error.ts';

/** Writes a file that only its owner may read. Throws an {@link OperatorError} if it cannot be written. */
export async function writeFile(path: string, content: string): Promise<void> {
  await write(path, content, { mode: 0o600 }).catch((error: unknown) => {
    throw new OperatorError(`Cannot write ${path} (${errorCode(error)}).`);
  });
}
