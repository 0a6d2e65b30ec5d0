import { headOf, readEntry, START } from './entry.ts';
import type { Head } from './entry.ts';

/**
 * The problem at a place of the record. `unproved`: the entry after it was edited, so that nothing says whether this one is as it
 * was. `head`: the kept head is not that of the entry.
 */
export const PROBLEMS = ['deleted', 'edited', 'reordered', 'cut', 'unproved', 'head'] as const;

export interface Problem {
  readonly number: number;
  readonly problem: (typeof PROBLEMS)[number];
}

/** The expected hash of an entry, from the entry after it or from a head; `isSure` unless that entry may be made up. */
interface Expected {
  readonly hash: string;
  readonly isSure: boolean;
}

/**
 * Names what was deleted, edited, reordered or cut from a record: its texts by their places, and the heads that say how far it went
 * and what was last. It goes from the end to the start, because an entry is proved by the one after it.
 */
export function problemsOf(texts: ReadonlyMap<number, string>, heads: readonly Head[]): Problem[] {
  const last = Math.max(0, ...texts.keys());
  const top = Math.max(last, ...heads.map(({ number }) => number));
  const problems: Problem[] = [];
  let expected: Expected | undefined;
  for (let number = top; number >= 1; number--) {
    const kept = heads.filter((head) => head.number === number).map(({ hash }) => hash);
    const text = texts.get(number);
    if (text === undefined) {
      problems.push({ number, problem: number > last ? 'cut' : 'deleted' });
      expected = undefined;
      continue;
    }
    const { hash } = headOf(number, text);
    // The entries after it say that it is as it was: then the head is wrong, and not the entry.
    const isChained = expected?.isSure === true && expected.hash === hash;
    if (isChained && kept.some((each) => each !== hash)) problems.push({ number, problem: 'head' });
    if (!isChained && kept[0] !== undefined)
      expected = { hash: kept.find((each) => each !== hash) ?? hash, isSure: true };
    const found = problemAt(number, text, hash, expected);
    if (found !== undefined) problems.push({ number, problem: found });
    expected = expectedBefore(number, text, found);
  }
  return problems.reverse();
}

function problemAt(
  number: number,
  text: string,
  hash: string,
  expected: Expected | undefined,
): Problem['problem'] | undefined {
  const entry = readEntry(text);
  if (!entry) return 'edited';
  if (entry.number !== number) return 'reordered';
  if (expected !== undefined && expected.hash !== hash) return expected.isSure ? 'edited' : 'unproved';
  return number === 1 && entry.previous !== START.hash ? 'edited' : undefined;
}

/** The hash that an entry states of the entry before it. */
function expectedBefore(number: number, text: string, problem: Problem['problem'] | undefined): Expected | undefined {
  const entry = readEntry(text);
  return entry?.number === number ? { hash: entry.previous, isSure: problem === undefined } : undefined;
}
