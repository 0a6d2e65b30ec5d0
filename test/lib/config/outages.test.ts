import { describe, expect, it } from '@jest/globals';
import { ConfigError, resolveConfig } from '../../../lib/config/config.ts';
import type { Settings } from '../../../lib/config/settings.ts';

const settingsWith = (source: object, gateway: object = {}) =>
  ({ ...gateway, sources: { optum: { provider: 'optum', ...source } } }) as unknown as Settings;

function problemsOf(settings: Settings): readonly string[] {
  try {
    resolveConfig(settings);
  } catch (error) {
    if (error instanceof ConfigError) return error.problems;
    throw error;
  }
  return [];
}

const sourceWith = (source: object, gateway: object = {}) => resolveConfig(settingsWith(source, gateway)).sources[0];

describe('what a source does about failed tries', () => {
  it('is good for an outage of a day by default: a breaker, self-repair, and no pace', () => {
    const source = sourceWith({});
    expect(source).toMatchObject({ retry: { attempts: 100, firstDelaySeconds: 15, maxDelaySeconds: 1_800 } });
    expect(source).toMatchObject({ breaker: true, selfRepair: true });
    expect(source?.pace ?? {}).toEqual({});
  });

  it('is what the gateway says, and where a source says something, that', () => {
    const gateway = { retry: { attempts: 7 }, breaker: false, selfRepair: false };
    expect(sourceWith({}, gateway)).toMatchObject({ retry: { attempts: 7 }, breaker: false, selfRepair: false });
    const own = { retry: { maxDelaySeconds: 60 }, breaker: true, pace: { perSecond: 0.5, atOnce: 3 } };
    expect(sourceWith(own, gateway)).toMatchObject({
      ...{ retry: { attempts: 7, firstDelaySeconds: 15, maxDelaySeconds: 60 }, breaker: true, selfRepair: false },
      pace: { perSecond: 0.5, atOnce: 3 },
    });
  });

  const ATTEMPTS = 'must be a whole number from 1 to 400';
  const DELAY = 'must be a whole number from 1 to 42000';
  const RATE = 'must be a number from 0.01 to 1000';
  it.each<[given: object, problem: string]>([
    [{ retry: 5 }, 'retry: must be an object; given: 5'],
    [{ retry: { attempts: 0 } }, `retry.attempts: ${ATTEMPTS}; given: 0`],
    [{ retry: { attempts: 401 } }, `retry.attempts: ${ATTEMPTS}; given: 401`],
    [{ retry: { attempts: 2.5 } }, `retry.attempts: ${ATTEMPTS}; given: 2.5`],
    [{ retry: { attempts: '5' } }, `retry.attempts: ${ATTEMPTS}; given: "5"`],
    [{ retry: { firstDelaySeconds: 0 } }, `retry.firstDelaySeconds: ${DELAY}; given: 0`],
    [{ retry: { maxDelaySeconds: 43_200 } }, `retry.maxDelaySeconds: ${DELAY}; given: 43200`],
    [{ retry: { tries: 5 } }, 'retry: unknown key "tries"; allowed: attempts, firstDelaySeconds, maxDelaySeconds'],
    [
      { retry: { firstDelaySeconds: 120, maxDelaySeconds: 60 } },
      'retry.firstDelaySeconds: must be at most maxDelaySeconds, which is 60',
    ],
    [{ breaker: 'off' }, 'breaker: must be true or false; given: "off"'],
    [{ selfRepair: 1 }, 'selfRepair: must be true or false; given: 1'],
    [{ pace: 5 }, 'pace: must be an object; given: 5'],
    [{ pace: { perSecond: 0 } }, `pace.perSecond: ${RATE}; given: 0`],
    [{ pace: { perSecond: 1_001 } }, `pace.perSecond: ${RATE}; given: 1001`],
    [{ pace: { perSecond: '5/s' } }, `pace.perSecond: ${RATE}; given: "5/s"`],
    [{ pace: { atOnce: 0 } }, 'pace.atOnce: must be a whole number from 1 to 10000; given: 0'],
    [{ pace: { perMinute: 5 } }, 'pace: unknown key "perMinute"; allowed: perSecond, atOnce'],
  ])('is refused with what was given and what is allowed: %j', (given, problem) => {
    expect(problemsOf(settingsWith(given))).toEqual([expect.stringContaining(`sources.optum.${problem}`)]);
  });

  const target = (retry: object, name = 'a') => ({ name, kind: 'http', url: 'https://a.example.com', retry });
  it.each<[what: string, gateway: object, source: object, problems: readonly string[]]>([
    [
      'its own delays',
      {},
      { targets: [target({}), target({ firstDelaySeconds: 120, maxDelaySeconds: 60 }, 'b')] },
      ['1'],
    ],
    ['the longest delay of the gateway', {}, { targets: [target({ firstDelaySeconds: 3_600 })] }, ['0']],
    [
      'the first delay of its source',
      {},
      { retry: { firstDelaySeconds: 90 }, targets: [target({ maxDelaySeconds: 60 })] },
      ['0'],
    ],
    [
      'none that it has not from its source',
      {},
      { retry: { maxDelaySeconds: 5 }, targets: [target({ attempts: 5 })] },
      [],
    ],
  ])(
    'says of a target that its first delay is longer than its longest one, by %s',
    (_what, gateway, source, problems) => {
      const found = problemsOf(settingsWith(source, gateway)).filter((text) => text.includes('.targets.'));
      expect(found).toEqual(
        problems.map((index) =>
          expect.stringContaining(
            `sources.optum.targets.${index}.retry.firstDelaySeconds: must be at most maxDelaySeconds`,
          ),
        ),
      );
    },
  );

  it('says of a first delay of the gateway that a source has a shorter longest one', () => {
    const settings = settingsWith({ retry: { maxDelaySeconds: 60 } }, { retry: { firstDelaySeconds: 120 } });
    expect(problemsOf(settings)).toEqual([
      expect.stringContaining('sources.optum.retry.firstDelaySeconds: must be at most maxDelaySeconds, which is 60'),
    ]);
  });
});
