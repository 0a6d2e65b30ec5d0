import { afterAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { localPort } from '../../cli/local-gateway.ts';
import { sourceNames } from '../settings.ts';
import { eventually, isAlive } from './eventually.ts';

const SCRIPT = fileURLToPath(new URL('../../bin/local.ts', import.meta.url));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

/** Runs `npm start`'s command, and gathers what it writes. */
function start(port: number | string) {
  const child = spawn(process.execPath, [SCRIPT], { env: { ...process.env, PORT: String(port) } });
  started.push(child);
  const written = { out: '', err: '' };
  child.stdout.on('data', (data: Buffer) => (written.out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (written.err += data.toString()));
  return { child, written, exit: once(child, 'close').then(([code]) => code as number | null) };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** The processes that a process has started. */
const childrenOf = (pid: number): number[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number))
    .filter(([, parent]) => parent === pid)
    .map(([child]) => child ?? 0);

describe('npm start', () => {
  it('says where it listens, refuses a port in use, and ends with all its processes', async () => {
    const port = await freePort();
    const first = start(port);
    await eventually(() => first.written.out.includes('npm run demo'), 30_000);
    const lines = first.written.out.split('\n');
    expect(lines[0]).toBe(`Hookgate is listening on http://127.0.0.1:${port}`);
    for (const source of sourceNames) {
      expect(first.written.out).toContain(`http://127.0.0.1:${port}/webhooks/${source}\n`);
    }

    const second = start(port);
    expect(await second.exit).toBe(1);
    expect(second.written).toEqual({
      out: '',
      err: `Port ${port} is in use: stop what listens there, or set PORT to another one.\n`,
    });

    const pid = first.child.pid ?? 0;
    const children = await eventually(() => {
      const pids = childrenOf(pid);
      return pids.length >= 5 && pids;
    });
    first.child.kill('SIGINT');
    expect(await first.exit).toBe(0);
    await eventually(() => children.every((child) => !isAlive(child)));
    expect(first.written.err).toBe('');
  }, 60_000);

  it('refuses a PORT that is none', async () => {
    const { exit, written } = start('http');
    expect(await exit).toBe(1);
    expect(written.err).toBe('PORT must be a whole number from 1 to 65535, and is "http".\n');
  }, 30_000);
});

describe('the port', () => {
  it('is PORT, or 4000', () => {
    expect([localPort({}), ...['', '8080', '65535'].map((PORT) => localPort({ PORT }))]).toEqual([
      4000, 4000, 8080, 65_535,
    ]);
  });

  it.each(['0', '65536', '-1', '4000.5', '0x10', '4e3', ' 4000', 'abc'])('is not %j', (text) => {
    expect(() => localPort({ PORT: text })).toThrow('PORT must be a whole number');
  });
});
