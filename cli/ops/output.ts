import Table from 'cli-table3';
import { ConfigError } from '../../lib/config/config.ts';
import { OperatorError } from '../operator-error.ts';

/** What a command found or did: once for a person, once for a program. */
export interface Report {
  /** Lines or a table. */
  readonly text: string;
  /** The same as JSON data: what `--json` prints. */
  readonly data: unknown;
  /** False where the command did its work and what it found needs attention: the exit code is then 1. Default true. */
  readonly ok?: boolean;
}

export type Print = (text: string) => void;

/** A table for a person. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const lines = new Table({ head: [...head], style: { head: [], border: [], compact: true } });
  lines.push(...rows.map((row) => [...row]));
  return lines.toString();
}

/** Runs a command and prints its report; resolves to the exit code. What goes wrong is one line, for `printError`. */
export async function report(
  command: () => Promise<Report>,
  { json, print, printError }: { readonly json: boolean; readonly print: Print; readonly printError: Print },
): Promise<0 | 1> {
  try {
    const { text, data, ok = true } = await command();
    print(json ? JSON.stringify(data, null, 2) : text);
    return ok ? 0 : 1;
  } catch (error) {
    const line = explain(error);
    if (line === undefined) throw error;
    printError(line);
    return 1;
  }
}

/** One line on an error that the operator can do something about; undefined where the mistake is this code's. */
function explain(error: unknown): string | undefined {
  if (error instanceof OperatorError || error instanceof ConfigError) return error.message;
  if (!(error instanceof Error)) return undefined;
  // What the SDK throws before any call, with advice of its own.
  if (error.name === 'CredentialsProviderError' || error.message === 'Region is missing')
    return `AWS cannot be called: ${oneLine(error.message)}.`;
  if (!('$metadata' in error)) return undefined;
  // AWS repeats in such an answer what was wrong, and that can be a secret.
  const mayRepeatInput = /^(Invalid|Validation)/.test(error.name) && !error.message.includes('does not exist');
  return mayRepeatInput
    ? `AWS refused the call: ${error.name}.`
    : `AWS refused the call: ${error.name}: ${oneLine(error.message)}`;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
