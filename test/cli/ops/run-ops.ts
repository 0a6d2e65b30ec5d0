import { randomUUID } from 'node:crypto';
import type { HookgateConfig } from '../../../lib/config/config.ts';
import { opsCommand } from '../../../cli/ops/command.ts';

export interface Outcome {
  readonly code: number;
  readonly text: string;
  readonly error: string;
}

/** Runs the operator's command against a local gateway, as a shell would: arguments, standard input, output, exit code. */
export function opsOn(origin: string, config: HookgateConfig) {
  return async (line: string | readonly string[], input = ''): Promise<Outcome> => {
    const printed: string[] = [];
    const errors: string[] = [];
    let exitCode = 0;
    const command = opsCommand({
      env: { PORT: new URL(origin).port },
      loadConfig: () => config,
      clock: () => Date.now(),
      newId: () => randomUUID(),
      readSecret: () => Promise.resolve(input),
      via: 'test',
      print: (text) => void printed.push(text),
      printError: (text) => void errors.push(text),
      exit: (code) => (exitCode = code),
    });
    const words = typeof line === 'string' ? line.split(' ') : line;
    await command.parseAsync(['--local', ...words], { from: 'user' });
    return { code: exitCode, text: printed.join('\n'), error: errors.join('\n') };
  };
}
