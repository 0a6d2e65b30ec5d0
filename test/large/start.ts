import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import process from 'node:process';
import { fileURLToPath } from 'node:url';
import { freePort } from '../free-port.ts';

const MOST_SECONDS = 25;
const MOST_MEGABYTES = 1500;
/** Sources that get a delivery once the gateway is ready: each starts a function. */
const DELIVERIES = 5;
/** Milliseconds after which a gateway that is not ready is given up. */
const PATIENCE_MS = 240_000;

/**
 * Starts the local gateway of so many sources, twice: the first start makes the bundles and templates, which takes as long as a
 * synthesis, and the second finds them. Returns what is wrong with the second: it is ready too late, or holds too much memory.
 */
export async function startProblems(count: number): Promise<string[]> {
  await start(count);
  const { seconds, megabytes, flaws } = await start(count);
  if (seconds > MOST_SECONDS) flaws.push(`npm start of ${count} sources took ${seconds.toFixed(1)} s`);
  if (megabytes > MOST_MEGABYTES) flaws.push(`npm start of ${count} sources held ${megabytes.toFixed(0)} MB`);
  return flaws;
}

async function start(count: number): Promise<{ seconds: number; megabytes: number; flaws: string[] }> {
  const port = await freePort();
  const started = performance.now();
  const child = spawn(process.execPath, [fileURLToPath(new URL('local.ts', import.meta.url)), String(count)], {
    env: { ...process.env, PORT: String(port), HOOKGATE_DATA_DIR: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let most = 0;
  const watch = setInterval(() => (most = Math.max(most, megabytesOf(child.pid ?? 0))), 500);
  try {
    await ready(child);
    const seconds = (performance.now() - started) / 1000;
    const flaws: string[] = [];
    for (let source = 0; source < Math.min(DELIVERIES, count); source++) {
      const url = `http://127.0.0.1:${port}/webhooks/source-${source}`;
      // Unsigned: what counts is that a function has answered.
      const { status } = await fetch(url, { method: 'POST', body: '{}' });
      if (status < 400 || status >= 500) flaws.push(`an unsigned delivery to source-${source} was answered ${status}`);
    }
    most = Math.max(most, megabytesOf(child.pid ?? 0));
    console.log(`npm start of ${count} sources: ready in ${seconds.toFixed(1)} s, ${most.toFixed(0)} MB at most`);
    return { seconds, megabytes: most, flaws };
  } finally {
    clearInterval(watch);
    const isOver = child.exitCode === null ? once(child, 'close') : undefined;
    child.kill('SIGTERM');
    await isOver;
  }
}

/** Resolves when the gateway listens; rejects if it ends, or takes too long. */
async function ready(child: ReturnType<typeof spawn>): Promise<void> {
  let text = '';
  await new Promise<void>((resolve, reject) => {
    child.stdout?.on('data', (data: Buffer) => {
      text += data.toString();
      if (text.includes('Hookgate is listening on ')) resolve();
    });
    child.once('close', (code) => reject(new Error(`npm start ended with ${String(code)}`)));
    setTimeout(() => reject(new Error('npm start was not ready in time')), PATIENCE_MS).unref();
  });
}

/** Megabytes that a process and all below it hold. */
function megabytesOf(pid: number): number {
  const rows = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,rss='], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  const tree = new Set([pid]);
  // A process is listed after the one that started it, but for numbers that are used again.
  for (const [id = 0, parent = 0] of rows) if (tree.has(parent)) tree.add(id);
  return rows.reduce((sum, [id = 0, , kilobytes = 0]) => sum + (tree.has(id) ? kilobytes / 1024 : 0), 0);
}
