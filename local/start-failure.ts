import { errorCode, OperatorError } from '../cli/operator-error.ts';
import { ConfigError } from '../lib/config/config.ts';

/** A start that a signal ended. */
export class Interrupted extends Error {
  override readonly name = 'Interrupted';
}

/**
 * The error to show for a start that failed: it says what is wrong and what to do, without a stack. An error that already says
 * so is returned as it is.
 */
export function explained(error: unknown): Error {
  if (error instanceof OperatorError || error instanceof ConfigError || error instanceof Interrupted) return error;
  return new OperatorError(buildProblem(error) ?? systemProblem(error) ?? unknownProblem(error));
}

/** One message of esbuild's. */
interface BuildMessage {
  readonly text?: unknown;
  readonly location?: { readonly file: string; readonly line: number; readonly column: number } | null;
}

/** esbuild could not bundle a function: almost always a customer's handler file. */
function buildProblem(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('errors' in error) || !Array.isArray(error.errors)) return undefined;
  const [first, ...others] = error.errors as BuildMessage[];
  if (typeof first?.text !== 'string') return undefined;
  const { location } = first;
  const place = location ? `${location.file}:${location.line}:${location.column + 1}: ` : '';
  const more = others.length > 0 ? ` (and ${others.length} more)` : '';
  return `A function cannot be bundled: ${place}${oneLine(first.text)}${more}. Correct that file, and start again.`;
}

/** The operating system refused something. */
function systemProblem(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('syscall' in error)) return undefined;
  const path = 'path' in error && typeof error.path === 'string' ? ` ${error.path}` : '';
  const code = errorCode(error);
  const advice = ADVICE[code] ?? 'put that right, and start again';
  return `The gateway could not start: ${String(error.syscall)}${path} failed (${code}): ${advice}.`;
}

const ADVICE: Readonly<Record<string, string>> = {
  EACCES: 'make it yours to read and write, and start again',
  EPERM: 'make it yours to read and write, and start again',
  EROFS: 'it is on a file system that cannot be written: use another one',
  ENOSPC: 'the disk is full: make room, and start again',
  EMFILE: 'too many files are open: raise the limit (ulimit -n), and start again',
  ENOMEM: 'there is not enough memory: end other programs, and start again',
};

const unknownProblem = (error: unknown): string =>
  `The gateway could not start: ${describe(error)}. Set HOOKGATE_DEBUG=1 to see where, and report it.`;

const describe = (error: unknown): string =>
  error instanceof Error ? `${error.name}: ${oneLine(error.message)}` : oneLine(String(error));

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
