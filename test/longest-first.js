import sequencers from '@jest/test-sequencer';

/** The suites that take longest, the longest first: started last, each of them would run on while the other cores wait. */
const LONGEST = [
  ...['contract/gateway', 'contract/template', 'lambdas/processor/customer-handler', 'local/end-to-end'],
  ...['lib/app', 'lambdas/providers/properties', 'lambdas/providers/contract-verify', 'proof/explorer'],
  ...['local/targets', 'cli/explain/explain', 'local/start', 'local/template/stack', 'fuzz/fuzz'],
  ...['local/token-is-nowhere', 'cli/ops/secret', 'lib/region', 'lambdas/providers/hostile', 'lib/bundle'],
  // Of the thorough ones, which are a run of their own:
  ...[
    'cli/ops/repair',
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
