import { mkdtemp } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { errorCode, OperatorError } from '../cli/operator-error.ts';
import { listen, LOOPBACK } from './http.ts';

/** Listens on the gateway's own port. Throws an {@link OperatorError} if it cannot be had. */
export async function listenOn(server: Server, port: number): Promise<number> {
  try {
    return await listen(server, port);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'EADDRINUSE')
      throw new OperatorError(
        `Port ${port} is in use: stop the program that listens there, or set PORT to another port.`,
      );
    if (code === 'EACCES') throw new OperatorError(`Port ${port} may not be used: set PORT to a port from 1024 on.`);
    throw new OperatorError(`Port ${port} of ${LOOPBACK} cannot be listened on (${code}): set PORT to another port.`);
  }
}

/** A directory for this run. Throws an {@link OperatorError} if none can be made. */
export async function makeTemporary(): Promise<string> {
  const parent = tmpdir();
  try {
    return await mkdtemp(join(parent, 'hookgate-'));
  } catch (error) {
    throw new OperatorError(
      `No directory for temporary files can be made in ${parent} (${errorCode(error)}): set TMPDIR to a directory that you may write to.`,
    );
  }
}
