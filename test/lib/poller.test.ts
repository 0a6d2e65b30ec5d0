import { describe, expect, it } from '@jest/globals';
import { ENV, METRIC } from '../../lambdas/contract.ts';
import { secretWay } from '../../lambdas/core/registration.ts';
import { providers } from '../../lambdas/providers/index.ts';
import type { SourceSettings } from '../../lib/config/source-settings.ts';
import { localOptions, withFakeProviders } from '../../local/fake-providers/settings.ts';
import { outputsOf, resource, resourcesOf, statementsOf, synthesize } from './synth.ts';

const OPTUM: SourceSettings = {
  provider: 'optum',
  options: {
    ...{ baseUrl: 'https://api.example.com', tokenUrl: 'https://id.example.com/token' },
    ...{ tenantId: 'tenant-1', subscriptionId: 'sub-1' },
  },
};
const NVSEP: SourceSettings = { provider: 'nvsep', options: { baseUrl: 'https://portal.nvsep.org/api/cfs/v1' } };

const template = synthesize({ sources: { optum: OPTUM, 'nvsep-2': { ...NVSEP, poll: { everyMinutes: 1 } } } });
const properties = (logicalId: string): Record<string, unknown> => ({ ...resource(template, logicalId).Properties });

describe('the pollers of the stack', () => {
  it('are there only for sources that say how to call an API that lists missed events', () => {
    const pollers = (sources: Record<string, SourceSettings>): string[] =>
      Object.keys(resourcesOf(synthesize({ sources }), 'AWS::Lambda::Function'))
        .filter((id) => id.endsWith('Poller'))
        .sort();
    expect(
      pollers({ optum: { provider: 'optum' }, nvsep: { provider: 'nvsep' }, nabla: { provider: 'nabla' } }),
    ).toEqual([]);
    expect(pollers({ optum: OPTUM, nvsep: NVSEP, nabla: { provider: 'nabla' } })).toEqual([
      'NvsepPoller',
      'OptumPoller',
    ]);
  });

  it.each([
    ['OptumPoller', 'rate(5 minutes)', 240],
    ['Nvsep2Poller', 'rate(1 minute)', 120],
  ])('%s runs at %s, and what fails waits for the next time', (poller, rate, timeout) => {
    expect(properties(`${poller}Schedule`)).toMatchObject({
      ScheduleExpression: rate,
      State: 'ENABLED',
      FlexibleTimeWindow: { Mode: 'OFF' },
      Target: {
        Arn: { 'Fn::GetAtt': [poller, 'Arn'] },
        Input: '{}',
        RetryPolicy: { MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 },
      },
    });
    expect(properties(poller)).toMatchObject({ Timeout: timeout });
    // The cursor sees to it that one poll runs at a time: reserving that fails in an account with little concurrency.
    expect(properties(poller)).not.toHaveProperty('ReservedConcurrentExecutions');
    const invokes = Object.values(resourcesOf(template, 'AWS::Lambda::EventInvokeConfig')).filter(
      ({ Properties }) => JSON.stringify(Properties.FunctionName) === JSON.stringify({ Ref: poller }),
    );
    expect(invokes.map(({ Properties }) => Properties)).toEqual([
      expect.objectContaining({ MaximumRetryAttempts: 0, MaximumEventAgeInSeconds: 60 }),
    ]);
  });

  it('know the API by a secret of their own, and not the signing secret', () => {
    const { Variables } = properties('OptumPoller').Environment as { Variables: Record<string, unknown> };
    expect(Variables[ENV.credentialsArn]).toEqual({ Ref: 'OptumCredentials' });
    expect(Variables).not.toHaveProperty(ENV.secretArn);
    expect(properties('OptumCredentials')).toMatchObject({
      Name: 'hookgate/dev/optum/api',
      KmsKeyId: expect.anything(),
    });
    expect(properties('OptumCredentials')).not.toHaveProperty('GenerateSecretString');
    expect(outputsOf(template).OptumCredentialsName?.Value).toBe('hookgate/dev/optum/api');

    const statements = statementsOf(template, 'OptumPollerRole');
    const allowed = (action: string) =>
      statements.filter(({ Action }) => [Action].flat().some((each) => each.startsWith(action)));
    expect(allowed('secretsmanager:').map(({ Action, Resource }) => [Action, Resource])).toEqual([
      ['secretsmanager:GetSecretValue', { Ref: 'OptumCredentials' }],
    ]);
    expect(allowed('sqs:').map(({ Action, Resource }) => [Action, Resource])).toEqual([
      ['sqs:SendMessage', [{ 'Fn::GetAtt': ['OptumQuarantine', 'Arn'] }, { 'Fn::GetAtt': ['OptumQueue', 'Arn'] }]],
    ]);
    expect(allowed('dynamodb:').map(({ Action }) => Action)).toEqual([
      ['dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem'],
    ]);
    expect(JSON.stringify(statements)).not.toContain('Nvsep2');
  });

  it('know the URL and the secret of a registration only if they keep it alive, and make it again', () => {
    const given = { airtable: 'airtable', graph: 'microsoft-graph', stripe: 'stripe', watched: 'microsoft-graph' };
    const sources = Object.fromEntries(Object.entries(given).map(([name, provider]) => [name, { provider }]));
    const { watched, ...others } = withFakeProviders({ sources }, 'https://api.example.com').sources;
    if (!watched) throw new Error('no such source');
    const keeping = synthesize({ sources: { ...others, watched: { ...watched, poll: { keepRegistered: false } } } });
    const secrets = (name: string) =>
      statementsOf(keeping, `${name}PollerRole`).flatMap(({ Action, Resource }) =>
        JSON.stringify(Resource).includes(`"${name}Secret"`) ? [Action] : [],
      );
    const urlOf = (name: string): unknown =>
      (resource(keeping, `${name}Poller`).Properties.Environment as { Variables: Record<string, unknown> }).Variables[
        ENV.url
      ];
    expect(secrets('Graph')).toEqual(['secretsmanager:GetSecretValue']);
    expect(secrets('Airtable')).toEqual([['secretsmanager:PutSecretValue', 'secretsmanager:DescribeSecret'].sort()]);
    expect(secrets('Stripe')).toEqual([]);
    expect(secrets('Watched')).toEqual([]);
    for (const name of ['Graph', 'Airtable', 'Stripe'])
      expect(urlOf(name)).toEqual(outputsOf(keeping)[`${name}Url`]?.Value);
    expect(urlOf('Watched')).toBeUndefined();
  });

  it('have a right on the signing secret of their own source alone, and only the one that their upkeep needs', () => {
    const asked = [...providers.values()].filter(({ name }) => localOptions(name, 'https://api.example.com', name));
    const sources = Object.fromEntries(asked.map(({ name }) => [name.replaceAll('-', ''), { provider: name }]));
    const all = synthesize(withFakeProviders({ sources }, 'https://api.example.com'));
    const idOf = (name: string): string => name.replaceAll('-', '').replace(/^./, (letter) => letter.toUpperCase());
    const RIGHTS = {
      given: ['secretsmanager:GetSecretValue'],
      told: ['secretsmanager:DescribeSecret', 'secretsmanager:PutSecretValue'],
      neither: [],
    };
    const rights = asked.map(({ name }) => {
      const statements = statementsOf(all, `${idOf(name)}PollerRole`);
      const about = (of: string) =>
        statements.flatMap(({ Action, Resource }) =>
          JSON.stringify(Resource).includes(`"${idOf(of)}Secret"`) ? [Action].flat() : [],
        );
      const others = asked.filter((other) => other.name !== name).flatMap((other) => about(other.name));
      return [name, about(name), others];
    });
    expect(rights).toEqual(
      asked.map((provider) => [
        provider.name,
        provider.registration?.upkeep?.recreates === true ? RIGHTS[secretWay(provider)] : [],
        [],
      ]),
    );
    // Each of the three is there.
    expect(new Set(rights.map(([, own]) => JSON.stringify(own))).size).toBe(3);
  });

  it('alarm where no poll has succeeded for three intervals since the deployment', () => {
    expect(properties('OptumNoSuccessfulPollAlarm')).toMatchObject({
      ...{ EvaluationPeriods: 3, Threshold: 1, TreatMissingData: 'notBreaching' },
      AlarmActions: [{ Ref: 'CriticalAlarms' }],
    });
    const of = (id: string) => JSON.stringify(properties(id).Metrics);
    expect(of('OptumNoSuccessfulPollAlarm')).toContain(`"MetricName":"${METRIC.pollSucceeded}"`);
    expect(of('OptumNoSuccessfulPollAlarm')).toContain('"Period":300');
    expect(of('Nvsep2NoSuccessfulPollAlarm')).toContain('"Period":60');
  });

  it.each([
    ['PollFailed', METRIC.pollFailed, 'WarningAlarms'],
    ['EventsRecovered', METRIC.recovered, 'WarningAlarms'],
    ['MissedEventLate', METRIC.oldestMissedAge, 'CriticalAlarms'],
    ['MissedEventsLeft', METRIC.missedLeft, 'WarningAlarms'],
    ['CircuitReopened', METRIC.circuitReopened, 'WarningAlarms'],
  ])('alarm with %s, each source by itself', (name, metric, topic) => {
    expect(properties(`${name}Alarm`)).toMatchObject({
      Metrics: [{ Expression: expect.stringMatching(new RegExp(`\\(${metric}\\) .* GROUP BY source$`)) }],
      AlarmActions: [{ Ref: topic }],
    });
  });
});

describe('the configuration of an API', () => {
  const problems = (source: SourceSettings): readonly string[] => {
    try {
      synthesize({ sources: { given: source } });
      return [];
    } catch (error) {
      return (error as { problems?: readonly string[] }).problems ?? [String(error)];
    }
  };

  it('is whole or not there', () => {
    const { tenantId, ...others } = OPTUM.options ?? {};
    expect(problems({ provider: 'optum', options: others })).toEqual([
      'sources.given.options: calling the API of Optum Connections needs "baseUrl", "tokenUrl", "tenantId", "subscriptionId"; missing: tenantId',
    ]);
    expect(problems({ provider: 'nvsep', poll: {} })).toEqual([
      'sources.given.options: calling the API of NVSEP needs "baseUrl"; missing: baseUrl',
    ]);
  });

  it.each<[string, SourceSettings, RegExp]>([
    ['http', { ...NVSEP, options: { baseUrl: 'http://portal.nvsep.org' } }, /https/],
    ['a path elsewhere', { ...OPTUM, options: { ...OPTUM.options, reopenPath: '//evil.example/x' } }, /reopenPath/],
    ['an id that ends a header', { ...OPTUM, options: { ...OPTUM.options, tenantId: 'a\r\nb: c' } }, /tenantId/],
    ['an interval of a day', { ...NVSEP, poll: { everyMinutes: 1440 } }, /from 1 to 480/],
    ['a provider without a list', { provider: 'nabla', poll: {} }, /Nabla lists no missed events/],
  ])('refuses %s', (_name, source, expected) => {
    expect(problems(source)).toEqual([expect.stringMatching(expected)]);
  });
});
