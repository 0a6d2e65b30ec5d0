import { afterEach, describe, expect, it } from '@jest/globals';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { setTimeout as sleep } from 'node:timers/promises';
import { watchMemory } from '../../../lambdas/processor/memory-watch.ts';
import { endFamily, FAMILY_MARK, membersOf, readProcesses } from '../../../lambdas/processor/runner-family.ts';
import type { Family } from '../../../lambdas/processor/runner-family.ts';

interface Started extends Family {
  readonly child: ChildProcess;
}

const started: Started[] = [];
afterEach(() => started.splice(0).forEach((family) => endFamily(family)));

/** Starts a program as runners are started; resolves when it has written a line. */
async function start(command: string, args: readonly string[]): Promise<Started> {
  const mark = `test-${process.pid}-${started.length}`;
  const env = { ...process.env, [FAMILY_MARK]: mark };
  const child = spawn(command, args, { detached: true, env, stdio: ['ignore', 'pipe', 'inherit'] });
  await once(child.stdout, 'data');
  const family = { pid: child.pid ?? 0, mark, child };
  started.push(family);
  return family;
}

const isAlive = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

/** In its group, in a session of its own, in a session of its own and left by its parent, and without the environment. */
const CHILDREN = `sleep 60 & setsid sleep 60 & (setsid sh -c 'sleep 60 & exit' &) ; env -i sleep 60 & sleep 0.2; echo ready; wait`;

describe('the family of a runner', () => {
  it('is every process that came of it, and none is left when it has ended', async () => {
    const family = await start('sh', ['-c', CHILDREN]);
    const members = membersOf(family, readProcesses());
    expect(members.length).toBeGreaterThanOrEqual(5);
    expect(members).not.toContain(process.pid);
    endFamily(family);
    await once(family.child, 'exit');
    while (members.some(isAlive)) await sleep(5);
    expect(membersOf(family, readProcesses())).toStrictEqual([family.pid]);
  });

  it('is ended after the runner itself', async () => {
    const family = await start('sh', ['-c', 'sleep 60 & setsid sleep 60 & sleep 0.2; echo ready; exit 3']);
    await once(family.child, 'exit');
    const [, ...others] = membersOf(family, readProcesses());
    expect(others).toHaveLength(2);
    endFamily(family);
    while (others.some(isAlive)) await sleep(5);
  });

  it('counts as one when the memory of the function runs out', async () => {
    const large = `const all = Buffer.alloc(2 ** 26, 1); console.log(all.length); setInterval(() => all, 1000)`;
    const parent = await start('sh', ['-c', `${process.execPath} -e '${large}' & wait`]);
    const alone = await start(process.execPath, ['-e', 'console.log(1); setInterval(() => undefined, 1000)']);
    const ended = await new Promise<Family>((resolve) => {
      const runners = [alone, parent].map((family) => ({
        ...{ family, ended: Promise.resolve(), reportTo: () => undefined, run: () => undefined },
        ...{ end: async () => Promise.resolve(), endForMemory: () => resolve(family) },
      }));
      const stop = watchMemory(1, () => runners);
      setTimeout(stop, 400);
    });
    expect(ended).toBe(parent);
  });
});
