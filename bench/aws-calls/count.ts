import type { AwsCall } from '../../local/call-log.ts';

/** How many calls were made, by service and action. */
export type Calls = Readonly<Record<string, number>>;

/** The calls that a function made while something happened. */
export async function callsDuring(url: string, functionName: string, happen: () => Promise<void>): Promise<Calls> {
  const before = await callsOf(url, functionName);
  await happen();
  const after = await callsOf(url, functionName);
  const counts = new Map<string, number>();
  for (const { service, action } of after.slice(before.length)) {
    const name = `${service} ${action}`;
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  return Object.fromEntries([...counts].toSorted(([a], [b]) => a.localeCompare(b)));
}

export const total = (calls: Calls): number => Object.values(calls).reduce((sum, count) => sum + count, 0);

/** The calls of `some` without those of `others`. */
export const without = (some: Calls, others: Calls): Calls =>
  Object.fromEntries(
    Object.entries(some)
      .map(([name, count]) => [name, count - (others[name] ?? 0)] as const)
      .filter(([, count]) => count > 0),
  );

async function callsOf(url: string, functionName: string): Promise<readonly AwsCall[]> {
  const calls = (await (await fetch(`${url}/_local/aws-calls`)).json()) as readonly AwsCall[];
  return calls.filter((call) => call.function === functionName);
}
