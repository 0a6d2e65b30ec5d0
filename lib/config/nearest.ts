/** The candidate that a mistyped name most likely stands for; undefined if none is near. */
export function nearest(name: string, candidates: readonly string[]): string | undefined {
  const typed = name.toLowerCase();
  const [best] = candidates
    .map((candidate) => ({ candidate, distance: editDistance(typed, candidate.toLowerCase()) }))
    .sort((a, b) => a.distance - b.distance);
  return best && best.distance <= mostTypos(best.candidate) ? best.candidate : undefined;
}

/** Two letters that changed places are two edits. */
const mostTypos = ({ length }: string): number => (length < 5 ? 1 : Math.max(2, Math.floor(length / 3)));

/** Levenshtein's distance, row by row, over UTF-16 units: names of settings are ASCII. */
function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of a.split('').entries()) {
    const next = [i + 1];
    for (const [j, other] of b.split('').entries()) {
      const substituted = (row[j] ?? 0) + (letter === other ? 0 : 1);
      next.push(Math.min(substituted, (row[j + 1] ?? 0) + 1, (next[j] ?? 0) + 1));
    }
    row = next;
  }
  return row.at(-1) ?? 0;
}
