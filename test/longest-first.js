import sequencers from '@jest/test-sequencer';

/** The suites that take longest, the longest first: started last, each of them would run on while the other cores wait. */
const LONGEST = [
  ...['local/missed-events', 'local/least-privilege', 'cli/ops/secret', 'cli/ops/repair', 'local/end-to-end'],
  ...['proof/explorer', 'proof/mutations', 'proof/exploring', 'other-configurations', 'adding-a-provider', 'lib/app'],
  ...['local/large-bodies', 'local/start', 'fuzz/fuzz', 'cli/ops/missed', 'lib/findings', 'lib/buckets'],
];

const rank = ({ path }) => {
  const found = LONGEST.findIndex((name) => path.replaceAll('\\', '/').endsWith(`/test/${name}.test.ts`));
  return found < 0 ? LONGEST.length : found;
};

export default class LongestFirst extends sequencers.default {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
  }
}
