import { describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { eventually, isAlive } from '../eventually.ts';
import { testFunction } from './test-function.ts';

describe('the end', () => {
  it('of a function ends its processes, and fails what waits', async () => {
    const hang = testFunction('exports.handler = () => new Promise((r) => setTimeout(r, 60_000));', {
      maxEnvironments: 1,
    });
    const waiting = [hang.invoke('{}'), hang.invoke('{}')];
    await hang.stop();
    for (const result of await Promise.all(waiting)) expect(result.ok).toBe(false);
    expect((await hang.invoke('{}')).ok).toBe(false);
    await hang.dispose();
  });

  it('of the gateway by SIGKILL ends its functions too, idle and busy', async () => {
    const script = fileURLToPath(new URL('orphan.ts', import.meta.url));
    const parent = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
    const [output] = (await once(parent.stdout, 'data')) as [Buffer];
    const pids = JSON.parse(output.toString()) as number[];
    expect(pids.map(isAlive)).toEqual([true, true]);
    parent.kill('SIGKILL');
    await eventually(() => pids.every((pid) => !isAlive(pid)));
  });
});
