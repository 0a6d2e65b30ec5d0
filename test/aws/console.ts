import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import type { Moto } from './moto.ts';

/** `npm run console`, in a process of its own, as an operator starts it. */
export interface ServedConsole {
  /** Asks its API, with the token of the address that it printed. */
  ask(method: 'GET' | 'POST', path: string, body?: unknown): Promise<{ status: number; body: unknown }>;
  stop(): Promise<void>;
}

const REPOSITORY = fileURLToPath(new URL('../..', import.meta.url));

/** Starts the console on the gateway that moto has, with the credentials of the environment. */
export async function startConsole({ environment }: Moto): Promise<ServedConsole> {
  const env = { ...process.env, ...environment, HOOKGATE_CONSOLE_PORT: '0' };
  const child = spawn(process.execPath, ['bin/run.js', 'bin/console.ts'], {
    ...{ cwd: REPOSITORY, env, stdio: ['ignore', 'pipe', 'inherit'] },
  });
  const ended = once(child, 'exit');
  const address = await addressIn(child.stdout);
  const token = new URLSearchParams(address.hash.slice(1)).get('token') ?? '';
  return {
    async ask(method, path, body) {
      const response = await fetch(new URL(`/api/${path}`, address), {
        method,
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      return { status: response.status, body: await response.json() };
    },
    async stop() {
      child.kill();
      await ended;
    },
  };
}

async function addressIn(output: NodeJS.ReadableStream): Promise<URL> {
  for await (const line of createInterface({ input: output })) {
    const [, address] = /^Open in a browser of this machine: (http\S+)$/.exec(line) ?? [];
    if (address !== undefined) return new URL(address);
  }
  throw new Error('The console ended before it printed its address.');
}
