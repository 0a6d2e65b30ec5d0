import { ConfigError } from '../lib/config/config.ts';
import { shown } from './text/shown.ts';

/** An error that the person at the desk can put right. Its message is one clear line, shown without a stack. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

/**
 * Runs a command, which resolves to whether all went as expected; if not, the exit code is 1. An error that the operator can put
 * right is shown without a stack: an {@link OperatorError}, or everything that is wrong with hookgate.config.ts.
 */
export async function runCommand(command: () => Promise<boolean>): Promise<void> {
  try {
    if (!(await command())) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof OperatorError || error instanceof ConfigError)) throw error;
    for (const line of linesOf(error)) console.error(shown(line));
    process.exitCode = 1;
  }
}

/** The lines of a message; hookgate.config.ts can have several problems, anything else is one line. */
const linesOf = (error: OperatorError | ConfigError): string[] =>
  error instanceof ConfigError ? error.message.split('\n') : [error.message];

/** The code of a system error, such as `ECONNREFUSED`: the innermost cause's, because fetch itself only says that it failed. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown error';
  if ('cause' in error && error.cause !== undefined) return errorCode(error.cause);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown error';
}
