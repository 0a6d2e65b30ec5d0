import { ConfigError } from '../../lib/config/config.ts';
import { OperatorError } from '../operator-error.ts';
import { render } from '../text/blocks.ts';
import type { Block } from '../text/blocks.ts';
import { shown, shownJson } from '../text/shown.ts';

/** The report of what a command found or did: once for a person, once for a program. */
export interface Report<Data = unknown> {
  readonly text: readonly Block[];
  /** The same as JSON data: what `--json` prints. */
  readonly data: Data;
  /** False if the command did its work and something needs attention: the exit code is then 1. Default true. */
  readonly ok?: boolean;
}

export type Print = (text: string) => void;

/** Runs a command and prints its report; resolves to the exit code. An error that a person can act on is printed, not thrown. */
export async function report(
  command: () => Promise<Report>,
  { json, print, printError }: { readonly json: boolean; readonly print: Print; readonly printError: Print },
): Promise<0 | 1> {
  try {
    const { text, data, ok = true } = await command();
    print(json ? shownJson(data) : render(text));
    return ok ? 0 : 1;
  } catch (error) {
    const lines = explainError(error);
    if (lines === undefined) throw error;
    for (const line of lines) printError(shown(line));
    return 1;
  }
}

/** Returns the lines that tell an operator of an error; undefined if the mistake is this code's. */
export function explainError(error: unknown): readonly string[] | undefined {
  if (error instanceof ConfigError) return error.message.split('\n');
  if (error instanceof OperatorError) return [error.message];
  const line = explainAws(error);
  return line === undefined ? undefined : [line];
}

/** Returns the line that tells an operator of an error of the AWS SDK; undefined if the error is another one. */
export function explainAws(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  // The SDK throws these before any call.
  if (error.message === 'Region is missing')
    return 'AWS cannot be called: no region is set. Set AWS_REGION, or name a profile that has a region in AWS_PROFILE.';
  if (error.name === 'CredentialsProviderError')
    return `AWS cannot be called: ${oneLine(error.message)}. Sign in, or name a profile in AWS_PROFILE.`;
  if (!('$metadata' in error)) return undefined;
  // Such an answer repeats what was wrong with the call, and that can be a secret.
  const mayRepeatInput = /^(Invalid|Validation)/.test(error.name) && !error.message.includes('does not exist');
  return mayRepeatInput
    ? `AWS refused the call: ${error.name}.`
    : `AWS refused the call: ${error.name}: ${oneLine(error.message)}`;
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, ' ').trim().replace(/\.$/, '');
