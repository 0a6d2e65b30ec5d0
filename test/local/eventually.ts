import { setTimeout as sleep } from 'node:timers/promises';

/** Looks again and again until `look` gives something; throws after `patienceMs`. */
export async function eventually<Value>(
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
  patienceMs = 10_000,
): Promise<Value> {
  const end = Date.now() + patienceMs;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`not seen within ${patienceMs} ms`);
    await sleep(25);
  }
}

/** Whether a process is there. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
