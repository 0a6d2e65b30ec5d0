import sequencers from '@jest/test-sequencer';

/**
 * The suites that take longest, the longest first: started last, each of them would run on while the other cores wait. Those that
 * wait for processes of their own are beside those that compute.
 */
const LONGEST = [
  ...['contract/gateway', 'lambdas/providers/contract-verify', 'lambdas/processor/customer-handler', 'proof/explorer'],
  ...['local/end-to-end', 'lambdas/providers/properties', 'lib/app', 'local/targets', 'lib/findings', 'local/start'],
  ...['lib/firewall', 'lib/bundle', 'cli/explain/explain', 'fuzz/fuzz', 'cli/ops/missed'],
  ...['cli/ops/secret', 'lambdas/providers/hostile', 'lambdas/rotator/rotation', 'lib/region'],
  // Of the thorough ones, which are a run of their own:
  ...[
    'cli/ops/repair',
    'local/missed-events',
    'local/least-privilege',
    'cli/ops/events',
    'proof/mutations',
    'adding-a-provider',
    'local/unruly-handlers',
    'contract/template',
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
