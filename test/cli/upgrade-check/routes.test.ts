import { describe, expect, it } from '@jest/globals';
import { checkUpgrade } from '../../../cli/upgrade-check/check.ts';
import { mustStop, upgradeText } from '../../../cli/upgrade-check/report.ts';
import type { Templates } from '../../../cli/upgrade-check/templates.ts';
import type { Settings } from '../../../lib/config/settings.ts';
import { synthesizeStacks } from '../../lib/synth.ts';

type Sources = Settings['sources'];
const nvsep: Sources = { nvsep: { provider: 'nvsep' } };

/** The templates of a gateway by the names of their stacks. */
function made(gradual: Settings['gradual'], sources = nvsep): Templates {
  const stacks = synthesizeStacks({ name: 'hookgate', stage: 'test', sources, ...(gradual && { gradual }) });
  const nameOf = (resources: object): string =>
    Object.keys(resources).some((logicalId) => logicalId === 'Ledger')
      ? 'hookgate-test'
      : `hookgate-test--${'NvsepQueue' in resources ? 'nvsep' : 'stripe'}`;
  return new Map(stacks.map(({ Resources }) => [nameOf(Resources), { Resources }]));
}

const [plain, gradual, routed] = [made(undefined), made({}), made({ deliveries: true })];

describe('npm run upgrade-check of deliveries that go gradually', () => {
  it('stops a deployment that would lead a route to an alias that is not there yet, and says what to do', () => {
    const report = checkUpgrade(plain, routed, true);
    expect(report.routes).toStrictEqual([
      { stack: 'hookgate-test--nvsep', function: 'hookgate-test--nvsep--verifier', alias: 'live' },
    ]);
    expect(mustStop(report)).toBe(true);
    expect(upgradeText(report, 'the account')).toMatch(
      /DELIVERIES OF hookgate-test--nvsep--verifier WOULD FAIL: .*\n.*without its deliveries: true.*\n.*1 of these changes are a reason to stop/s,
    );
  });

  it.each<[string, Templates, Templates]>([
    ['the alias is there', gradual, routed],
    ['the route leads there already, and the deployment mends it', new Map([...routed, ...sourceOf(plain)]), routed],
    ['only the queues are to be called by it', plain, gradual],
    ['it is turned off', routed, plain],
    ['the source is new', plain, made({ deliveries: true }, { stripe: { provider: 'stripe' } })],
  ])('lets it pass if %s', (_, deployed, next) => {
    const report = checkUpgrade(deployed, next, true);
    expect(report).not.toHaveProperty('routes');
    expect(mustStop(report)).toBe(false);
  });
});

function sourceOf(templates: Templates): [string, object][] {
  return [...templates].filter(([name]) => name !== 'hookgate-test');
}
