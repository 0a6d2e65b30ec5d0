/**
 * Whether there is a text that both patterns match, as IAM matches: `*` is any text, `?` is any one character, and there is nothing
 * else. Upper and lower case are the same, since some services write a name in lower case.
 */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [one.toLowerCase(), other.toLowerCase()];
  // Whether the first `i` characters of one pattern and the first `j` of the other have a text in common, for the last `i`.
  let row = Array.from({ length: b.length + 1 }, (_, j) => /^\**$/.test(b.slice(0, j)));
  for (const mine of a) {
    const next = [mine === '*' && row[0] === true];
    for (const [j, theirs] of Array.from(b).entries()) {
      const skips = (mine === '*' || theirs === '*') && (row[j + 1] === true || next[j] === true);
      const same = mine === theirs || mine === '?' || theirs === '?';
      next.push(skips || (same && row[j] === true));
    }
    row = next;
  }
  return row[b.length] === true;
}
