import { randomUUID } from 'node:crypto';
import { writeFile } from '../cli/ops/write-file.ts';
import { loadConfig } from '../lib/load-config.ts';
import { opsCommand } from '../cli/ops/command.ts';
import { ask } from '../cli/ops/ask.ts';
import { readSecret } from '../cli/ops/read-secret.ts';

await opsCommand({
  env: process.env,
  loadConfig,
  clock: () => Date.now(),
  newId: () => randomUUID(),
  readSecret: () => readSecret(process.stdin, process.stderr),
  ...(process.stdin.isTTY && { ask: (question: string) => ask(question, process.stdin, process.stderr) }),
  via: 'command line',
  writeFile,
  print: (text) => console.log(text),
  printError: (text) => console.error(text),
  exit: (code) => (process.exitCode = code),
}).parseAsync();
