import { readFileSync } from 'node:fs';
import { membersOf, readProcesses } from './runner-family.ts';
import type { RunnerProcess } from './runner-process.ts';

/** Of the function's memory, how much may be taken before the largest runner is ended: beyond it Lambda ends everything. */
const LIMIT_SHARE = 0.85;
const EVERY_MS = 100;

/**
 * Looks at the memory of the function while handlers run. When it is about to run out, the runner that has taken most, with all
 * processes that its handler has started, is ended, so that its event fails and not the whole batch. Returns what stops it.
 */
export function watchMemory(memoryMb: number, runners: () => Iterable<RunnerProcess>): () => void {
  const known: Parameters<typeof readProcesses>[0] = new Map();
  const timer = setInterval(() => {
    const all = readProcesses(known);
    const sizes = [...runners()].map((runner) => {
      const members = runner.family ? membersOf(runner.family, all) : [];
      return { runner, kilobytes: members.reduce((sum, pid) => sum + privateKilobytes(pid), 0) };
    });
    const own = privateKilobytes(process.pid);
    const taken = sizes.reduce((sum, { kilobytes }) => sum + kilobytes, own);
    if (taken < memoryMb * 1024 * LIMIT_SHARE) return;
    sizes.toSorted((a, b) => b.kilobytes - a.kilobytes)[0]?.runner.endForMemory();
  }, EVERY_MS);
  timer.unref();
  return () => clearInterval(timer);
}

/** Memory that a process shares with no other. 0 if it is not known: the process has ended, or this is not Linux. */
function privateKilobytes(pid: number): number {
  try {
    return Number(/^RssAnon:\s*(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0);
  } catch {
    return 0;
  }
}
