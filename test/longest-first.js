import sequencers from '@jest/test-sequencer';

/** The suites that take longest, the longest first: started last, each of them would run on while the other cores wait. */
const LONGEST = [
  ...['cli/ops/repair', 'contract/gateway', 'contract/template', 'lambdas/processor/customer-handler'],
  ...['local/end-to-end', 'lib/app', 'lib/bundle', 'local/targets', 'proof/explorer', 'local/template/stack'],
  ...['local/large-bodies', 'local/start', 'fuzz/fuzz', 'cli/ops/missed', 'lib/findings', 'lib/buckets'],
  // Of the thorough ones, which are a run of their own:
  ...[
    'local/missed-events',
    'local/least-privilege',
    'cli/ops/events',
    'proof/mutations',
    'adding-a-provider',
    'local/unruly-handlers',
  ],
];

const rank = ({ path }) => {
  const found = LONGEST.findIndex((name) => path.replaceAll('\\', '/').includes(`/test/${name}.`));
  return found < 0 ? LONGEST.length : found;
};

export default class LongestFirst extends sequencers.default {
  sort(tests) {
    return super.sort(tests).toSorted((a, b) => rank(a) - rank(b));
  }
}
