import { afterAll, describe, expect, it } from '@jest/globals';
import { execFileSync, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { localPort } from '../../cli/local-gateway.ts';
import { sourceNames } from '../settings.ts';
import { eventually, isAlive } from './eventually.ts';
import { temporaryDirectory } from './temporary.ts';
import { freePort } from '../free-port.ts';

const SCRIPT = fileURLToPath(new URL('../../bin/local.ts', import.meta.url));
const started: ChildProcess[] = [];
afterAll(() => {
  for (const child of started) child.kill('SIGKILL');
});

/** Runs `npm start`'s command, and gathers what it writes. */
function start(port: number | string, env: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [SCRIPT], { env: { ...process.env, PORT: String(port), ...env } });
  started.push(child);
  const written = { out: '', err: '' };
  child.stdout.on('data', (data: Buffer) => (written.out += data.toString()));
  child.stderr.on('data', (data: Buffer) => (written.err += data.toString()));
  return { child, written, exit: once(child, 'close').then(([code]) => code as number | null) };
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
      err: `Port ${port} is in use: stop the program that listens there, or set PORT to another port.\n`,
    });

    // A function starts when it is first needed.
    const pid = first.child.pid ?? 0;
    expect(childrenOf(pid)).toEqual([]);
    await fetch(`http://127.0.0.1:${port}/webhooks/osigu`, { method: 'POST', body: '{}' });
    const children = childrenOf(pid);
    expect(children).toHaveLength(1);
    first.child.kill('SIGINT');
    expect(await first.exit).toBe(0);
    await eventually(() => children.every((child) => !isAlive(child)));
    expect(first.written.err).toBe('');
  }, 120_000);

  it('refuses a PORT that is none', async () => {
    const { exit, written } = start('http');
    expect(await exit).toBe(1);
    expect(written.err).toBe('PORT must be a whole number from 1 to 65535, and is "http".\n');
  }, 120_000);
});

describe('a start that fails', () => {
  const directory = temporaryDirectory();
  afterAll(() => directory.remove());
  const at = (name: string): string => join(directory.path, name);

  /** Returns the failure that it writes: one line, and nothing of a stack. */
  async function failure(env: Readonly<Record<string, string>>): Promise<string> {
    const { exit, written } = start(await freePort(), env);
    expect(await exit).toBe(1);
    expect(written.out).toBe('');
    expect(written.err.trimEnd().split('\n')).toHaveLength(1);
    expect(written.err).not.toContain('    at ');
    return written.err.trimEnd();
  }

  it.each<[string, () => Readonly<Record<string, string>>, RegExp]>([
    [
      'a file in the place of the data directory',
      () => (directory.write('file', ''), { HOOKGATE_DATA_DIR: at('file') }),
      /^The data directory .*file is a file, or is below one: remove that, or set HOOKGATE_DATA_DIR/,
    ],
    [
      'a data directory below a file',
      () => ({ HOOKGATE_DATA_DIR: at('file/data') }),
      /^The data directory .*data is a file, or is below one: remove that, or set HOOKGATE_DATA_DIR/,
    ],
    [
      'a lock that is none',
      () => {
        mkdirSync(at('locked'), { mode: 0o700 });
        directory.write('locked/lock', 'garbage');
        return { HOOKGATE_DATA_DIR: at('locked') };
      },
      /^.*locked\/lock is not the lock of a gateway: remove that file, or set HOOKGATE_DATA_DIR/,
    ],
    [
      'a directory that others use',
      () => {
        mkdirSync(at('open'), { mode: 0o755 });
        directory.write('open/a', '');
        return { HOOKGATE_DATA_DIR: at('open') };
      },
      /^The data directory .*open can be entered by others, .*: run chmod 700 on it, or set HOOKGATE_DATA_DIR/,
    ],
    [
      'secrets that are damaged',
      () => {
        mkdirSync(at('damaged'), { mode: 0o700 });
        directory.write('damaged/secrets.json', '{');
        return { HOOKGATE_DATA_DIR: at('damaged') };
      },
      /^.*damaged\/secrets.json cannot be opened \(SyntaxError\): .*move it away; then start again\.$/,
    ],
    [
      'no directory for temporary files',
      () => ({ TMPDIR: at('missing') }),
      /^No directory for temporary files can be made in .*missing \(ENOENT\): set TMPDIR/,
    ],
    [
      'a host with a scheme',
      () => ({ HOOKGATE_ALLOWED_HOSTS: 'https://x.example' }),
      /^HOOKGATE_ALLOWED_HOSTS must be host names separated by commas/,
    ],
  ])('says so in one line: %s', async (_name, env, line) => expect(await failure(env())).toMatch(line), 30_000);

  it('because it is interrupted leaves one line and no process', async () => {
    // The stand-ins are at another port each time, so the stack must be synthesized, by a process of its own.
    const { child, written, exit } = start(await freePort(), { HOOKGATE_FAKE_PROVIDERS: '1' });
    const [synthesis = 0] = await eventually(() => {
      const children = childrenOf(child.pid ?? 0);
      return children.length > 0 && children;
    }, 20_000);
    child.kill('SIGINT');
    expect(await exit).toBe(130);
    expect(written).toEqual({ out: '', err: 'Interrupted before the gateway was ready.\n' });
    expect(isAlive(synthesis)).toBe(false);
  }, 120_000);
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
