/** Numbers from one to another, both included. */
export interface Range {
  readonly from: bigint;
  readonly to: bigint;
}

/** How many numbers some ranges hold. */
export const numbersIn = (ranges: readonly Range[]): number =>
  Number(ranges.reduce((sum, { from, to }) => sum + to - from + 1n, 0n));

/** The first numbers of a range, at most so many. */
export function firstOf({ from, to }: Range, most: number): bigint[] {
  const size = to - from + 1n;
  const length = size < BigInt(most) ? Number(size) : most;
  return Array.from({ length: Math.max(0, length) }, (_, index) => from + BigInt(index));
}

/** Sorted numbers as ranges. */
export function rangesOf(numbers: readonly bigint[]): Range[] {
  const ranges: Range[] = [];
  for (const number of numbers) {
    const last = ranges.at(-1);
    if (last?.to === number - 1n) ranges[ranges.length - 1] = { from: last.from, to: number };
    else ranges.push({ from: number, to: number });
  }
  return ranges;
}

/** The parts of a range, each of so many numbers at most. */
export function* partsOf({ from, to }: Range, size: bigint): Generator<Range> {
  for (let start = from; start <= to; start += size) {
    const end = start + size - 1n;
    yield { from: start, to: end < to ? end : to };
  }
}

/** The parts of a range that are left without some of its numbers, which are sorted. */
export function without({ from, to }: Range, numbers: readonly bigint[]): Range[] {
  const left: Range[] = [];
  let start = from;
  for (const number of numbers) {
    if (number < start || number > to) continue;
    if (number > start) left.push({ from: start, to: number - 1n });
    start = number + 1n;
  }
  if (start <= to) left.push({ from: start, to });
  return left;
}
