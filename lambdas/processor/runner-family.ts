import { readdirSync, readFileSync } from 'node:fs';
import process from 'node:process';

/** The environment variable by which the processes that a handler starts are told from others: they inherit it. */
export const FAMILY_MARK = 'HOOKGATE_RUNNER';

/** A runner, which leads a process group and a session of its own, with all processes that its handler has started. */
export interface Family {
  /** The runner's own process id, and so the id of its group and session. */
  readonly pid: number;
  /** The value of {@link FAMILY_MARK} that the runner was started with. */
  readonly mark: string;
}

/** The marks by which one knows to whom a process belongs. They are read once: a process that makes a session of its own keeps its environment. */
interface Origin {
  readonly session: number;
  readonly mark: string | undefined;
}

/** The processes of this machine by id; none if this is not Linux. `known` is brought up to date: only new ones are read. */
export function readProcesses(known = new Map<number, Origin>()): ReadonlyMap<number, Origin> {
  const pids = new Set(processIds());
  for (const pid of known.keys()) if (!pids.has(pid)) known.delete(pid);
  for (const pid of pids) if (!known.has(pid)) known.set(pid, originOf(pid));
  return known;
}

/** The ids of a family's processes, the runner's first. */
export const membersOf = ({ pid, mark }: Family, all: ReadonlyMap<number, Origin>): number[] => [
  pid,
  ...[...all].filter(([id, origin]) => id !== pid && isOf(origin, { pid, mark })).map(([id]) => id),
];

/**
 * Ends a runner and every process that its handler has started: its group, and what has left the group, by session and by mark. A
 * process can escape only if it has a session and an environment of its own. Nothing happens if all of them have ended.
 */
export function endFamily(family: Family): void {
  // A runner that ends itself comes no further than its group; another one may have started a process during the first look.
  endOthers(family);
  kill(-family.pid);
  endOthers(family);
}

function endOthers(family: Family): void {
  const [, ...others] = membersOf(family, readProcesses());
  for (const pid of others) kill(pid);
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}

const isOf = ({ session, mark }: Origin, family: Family): boolean => session === family.pid || mark === family.mark;

function processIds(): number[] {
  try {
    return readdirSync('/proc')
      .map(Number)
      .filter((pid) => pid > 0);
  } catch {
    return [];
  }
}

/** Empty if the process has ended, or is another user's. */
function originOf(pid: number): Origin {
  const read = (file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'latin1');
    } catch {
      return '';
    }
  };
  const stat = read('stat');
  // The name of the program is in brackets, and may have blanks and brackets in it.
  const [, , , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const variable = read('environ')
    .split('\0')
    .find((each) => each.startsWith(`${FAMILY_MARK}=`));
  return { session: Number(session ?? 0), mark: variable?.slice(FAMILY_MARK.length + 1) };
}
