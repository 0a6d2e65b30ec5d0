/**
 * Runs a program of TypeScript again and again in one process, which has loaded all that it imports once: `node program.ts <file>`.
 * Each run comes as a message with what a shell would give it, and is answered by what a shell would see.
 */
import { randomUUID } from 'node:crypto';
import process from 'node:process';
import { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';

/** One run of the program. */
export interface Given {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly input: string;
}

/** The output of a command, and how it ended. */
export interface Outcome {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

const [node = '', , file = ''] = process.argv;

class Exit extends Error {}

const exitCode = (): number => Number(process.exitCode);

async function run({ args, env, input }: Given): Promise<Outcome> {
  const said = { out: '', err: '' };
  process.argv = [node, file, ...args];
  process.env = { ...env };
  process.exitCode = 0;
  Object.defineProperty(process, 'stdin', { value: Readable.from([Buffer.from(input)]), configurable: true });
  const catching = (name: keyof typeof said) => (text: string | Uint8Array) => {
    said[name] += Buffer.from(text).toString();
    return true;
  };
  process.stdout.write = catching('out');
  process.stderr.write = catching('err');
  process.exit = (code) => {
    process.exitCode = code;
    throw new Exit();
  };
  try {
    // The file itself is evaluated again, and nothing that it imports.
    await import(`${pathToFileURL(file).href}?run=${randomUUID()}`);
  } catch (error) {
    if (!(error instanceof Exit)) throw error;
  }
  return { code: exitCode(), ...said };
}

process.on('message', (given: Given) => {
  void run(given).then((outcome) => process.send?.(outcome));
});
