import { randomUUID } from 'node:crypto';
import { loadConfig } from '../lib/config/load.ts';
import { opsCommand } from '../lib/ops/command.ts';
import { ask } from '../lib/ops/ask.ts';
import { readSecret } from '../lib/ops/read-secret.ts';

await opsCommand({
  env: process.env,
  loadConfig,
  clock: () => Date.now(),
  newId: () => randomUUID(),
  readSecret: () => readSecret(process.stdin, process.stderr),
  ...(process.stdin.isTTY && { ask: (question: string) => ask(question, process.stdin, process.stderr) }),
  print: (text) => console.log(text),
  printError: (text) => console.error(text),
  exit: (code) => (process.exitCode = code),
}).parseAsync();
