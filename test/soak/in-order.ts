/**
 * The flaws in the order of one line. `line` has its events as they were acknowledged, one after the other; `published` says
 * when each was handled, several times if a kill had it handled again. Every handling of an event comes before any of the next.
 */
export function outOfOrder(line: readonly string[], published: ReadonlyMap<string, readonly number[]>): string[] {
  const flaws: string[] = [];
  let before = { id: '', last: -Infinity };
  for (const id of line) {
    const times = published.get(id) ?? [];
    if (times.length === 0) flaws.push(`${id} is lost`);
    else if (Math.min(...times) < before.last) flaws.push(`${id} was handled before ${before.id}`);
    if (times.length > 0) before = { id, last: Math.max(before.last, ...times) };
  }
  return flaws;
}
