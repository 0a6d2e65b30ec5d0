import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { CopyOfRepository } from './copy-of-repository.ts';

/** The suites that a configuration shapes: those that take the tests' own, and the one that reads the customer's. */
const all = globSync('test/**/*.test.ts')
  .map((suite) => suite.replaceAll('\\', '/'))
  .filter((suite) => /from '(\.\.?\/)+(settings|hookgate\.config)\.ts'/.test(readFileSync(suite, 'utf8')));

/** Of these, the quick ones: HOOKGATE_EVERY_SUITE=1 runs all of them. */
const QUICK = ['customer-configuration', 'lib/config/config', 'lib/ingress', 'lib/sources'];
const quick = QUICK.map((name) => `test/${name}.test.ts`);
const suites = process.env.HOOKGATE_EVERY_SUITE === '1' ? all : quick;

const production = `
  stage: 'production',
  alarms: { critical: ['on-call@example.com'] },
  sources: {
    eligibility: { provider: 'osigu', environment: 'production', silenceAlarmHours: 24 },
    notes: { provider: 'nabla', allowList: ['203.0.113.0/24'] },
  },`;
const eight = `
  name: 'intake',
  sources: Object.fromEntries(
    ['north', 'south', 'east', 'west'].flatMap((region) => [
      [\`\${region}-orders\`, { provider: 'honeybee' }],
      [\`\${region}-registry\`, { provider: 'nvsep', windowDays: 400 }],
    ]),
  ),`;

describe.each([
  ['the stage production with two sources', production],
  ['eight sources of two providers with names of their own', eight],
])('with %s in hookgate.config.ts', (_what, settings) => {
  let copy: CopyOfRepository;
  beforeAll(() => {
    copy = new CopyOfRepository();
    const code = `import { defineConfig } from './lib/config/settings.ts';\n\nexport default defineConfig({${settings}\n});\n`;
    copy.write('hookgate.config.ts', code);
  }, 120_000);
  afterAll(() => copy.remove());

  it('the tests are green', () => {
    expect(all).toEqual(expect.arrayContaining(quick));
    expect(copy.test(...suites)).toEqual({ passed: true, report: '' });
  }, 1_200_000);
});
