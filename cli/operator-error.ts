import { ConfigError } from '../lib/config/config.ts';

/** What the person at the desk can put right. Its message is one clear line, shown without a stack. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
}

/**
 * Runs a command, which resolves to whether all went as expected; if not, the exit code is 1. What the operator can put right
 * is shown as it is: an {@link OperatorError}, or everything that is wrong with hookgate.config.ts.
 */
export async function runCommand(command: () => Promise<boolean>): Promise<void> {
  try {
    if (!(await command())) process.exitCode = 1;
  } catch (error) {
    if (!(error instanceof OperatorError || error instanceof ConfigError)) throw error;
    console.error(error.message);
    process.exitCode = 1;
  }
}

/** The code of a system error, such as `ECONNREFUSED`: the innermost cause's, for fetch itself only says that it failed. */
export function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return 'unknown error';
  if ('cause' in error && error.cause !== undefined) return errorCode(error.cause);
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : 'unknown error';
}
