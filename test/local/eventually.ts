import { setTimeout as sleep } from 'node:timers/promises';

/** Milliseconds that are waited at least: a bound for what never comes, not a measure of speed, because machines can be busy. */
const LEAST_PATIENCE_MS = 90_000;

/** Looks again and again until `look` gives something; throws after `patienceMs`, or after 90 s if that is longer. */
export async function eventually<Value>(
  look: () => Value | undefined | false | Promise<Value | undefined | false>,
  patienceMs = LEAST_PATIENCE_MS,
): Promise<Value> {
  const longest = Math.max(patienceMs, LEAST_PATIENCE_MS);
  const end = Date.now() + longest;
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    if (Date.now() > end) throw new Error(`not seen within ${longest} ms`);
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
