import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { METRIC } from '../../lambdas/contract.ts';
import { pascalCase } from '../../lib/config/stack-names.ts';
import { withFakeProviders } from '../../local/fake-providers/settings.ts';
import settings, { config } from '../settings.ts';
import { resource, resourcesOf, synthesize } from './synth.ts';

/** What an alarm looks like in the template, as far as it is looked at here. */
interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: unknown;
  readonly OKActions: unknown;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Metrics?: readonly {
    readonly MetricStat?: {
      readonly Metric: { MetricName: string; Namespace: string; Dimensions?: { Name: string; Value: unknown }[] };
    };
  }[];
  readonly Period?: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly Threshold: number;
  readonly TreatMissingData: string;
}

/** Every source polls and rotates if its provider can, so that every alarm is in the template. */
const everything = synthesize({
  alarms: { critical: ['on-call@example.com'], warning: ['desk@example.com', 'lead@example.com'] },
  sources: Object.fromEntries(
    Object.entries(withFakeProviders(settings, 'https://api.example.com').sources).map(([name, source]) => [
      name,
      { ...source, silenceAlarmHours: 24 },
    ]),
  ),
});
const { sources } = config;
const alarms = Object.entries(resourcesOf(everything, 'AWS::CloudWatch::Alarm')).map(
  ([id, { Properties }]) => [id, Properties as unknown as AlarmProperties] as const,
);
const alarm = (id: string): AlarmProperties => resource(everything, id).Properties as unknown as AlarmProperties;

const DESCRIPTION = /^\[(critical|warning)\] .+\. Runbook: docs\/runbook\.md#([a-z0-9-]+)$/;
const severityOf = ({ AlarmDescription }: AlarmProperties) => DESCRIPTION.exec(AlarmDescription)?.[1];
const anchorOf = ({ AlarmDescription }: AlarmProperties) => DESCRIPTION.exec(AlarmDescription)?.[2] ?? '';

interface Transformation {
  readonly MetricName: string;
  readonly MetricNamespace: string;
}

/** The metrics that are counted in log lines. */
const filters = Object.values(resourcesOf(everything, 'AWS::Logs::MetricFilter')).map(({ Properties }) => Properties);
const countedInLogs = filters.flatMap(({ MetricTransformations }) => MetricTransformations as Transformation[]);

/** What the dashboard searches for. */
function searchesOf(template: typeof everything): string[] {
  const [dashboard] = Object.values(resourcesOf(template, 'AWS::CloudWatch::Dashboard'));
  const text = JSON.stringify(dashboard?.Properties.DashboardBody).replaceAll('\\', '');
  return [...text.matchAll(/SEARCH\('(.+?)\)"/g)].map(([, search = '']) => search);
}

describe('every alarm', () => {
  it.each(alarms)('%s says what, how soon, and where to read on', (_, properties) => {
    expect(properties.AlarmDescription).toMatch(DESCRIPTION);
  });

  it.each(alarms)("%s tells its severity's topic when it starts and when it ends", (_, properties) => {
    const topic = { Ref: severityOf(properties) === 'critical' ? 'CriticalAlarms' : 'WarningAlarms' };
    expect([properties.AlarmActions, properties.OKActions]).toStrictEqual([[topic], [topic]]);
  });

  it('has a name of its own, which starts with the stack', () => {
    const names = alarms.map(([, { AlarmName }]) => AlarmName);
    expect(new Set(names).size).toBe(names.length);
    expect(names.filter((name) => !/^hookgate-dev--[a-z0-9-]+$/.test(name))).toEqual([]);
    expect(alarm('OsiguDeadLettersAlarm').AlarmName).toBe('hookgate-dev--osigu--dead-letters');
  });

  it('watches a metric that the code or the access log emits, by dimensions that it has', () => {
    const own = alarms.flatMap(([, { Namespace, MetricName, Dimensions = [], Metrics = [] }]) => [
      ...(Namespace === METRIC.namespace ? [{ MetricName, names: Dimensions.map(({ Name }) => Name).sort() }] : []),
      ...Metrics.flatMap(({ MetricStat }) =>
        MetricStat?.Metric.Namespace === METRIC.namespace
          ? [{ MetricName: MetricStat.Metric.MetricName, names: [] }]
          : [],
      ),
    ]);
    expect(own.length).toBeGreaterThan(5 * sources.length);
    const emitted: readonly unknown[] = [
      ...Object.values(METRIC),
      ...countedInLogs.map(({ MetricName }) => MetricName),
    ];
    expect(own.filter(({ MetricName }) => !emitted.includes(MetricName))).toEqual([]);
    const known = ['reason,service,source', 'service,source', 'service', ''];
    expect(own.filter(({ names }) => !known.includes(names.join(',')))).toEqual([]);
  });
});

describe('two gateways in one account', () => {
  /** Every metric of ours that an alarm or a graph asks for, or that a filter makes, with its dimensions. */
  const metricsOf = (stage: string): Set<string> => {
    const template = synthesize({ stage });
    const properties = Object.values(resourcesOf(template, 'AWS::CloudWatch::Alarm')).map(
      ({ Properties }) => Properties as unknown as AlarmProperties,
    );
    const ofAlarms = properties.flatMap((one) => [
      one,
      ...(one.Metrics ?? []).flatMap((of) => of.MetricStat?.Metric ?? []),
    ]);
    const ours = ofAlarms.filter(({ Namespace }) => Namespace === METRIC.namespace);
    return new Set([
      ...ours.map(({ MetricName, Dimensions }) => JSON.stringify([MetricName, Dimensions])),
      ...searchesOf(template).filter((search) => search.includes('{Hookgate,')),
    ]);
  };

  it('share no metric', () => {
    const [dev, test] = [metricsOf('dev'), metricsOf('test')];
    expect(dev.size).toBeGreaterThan(20);
    expect([...dev].filter((metric) => test.has(metric))).toEqual([]);
    expect([...dev].filter((metric) => !metric.includes('hookgate-dev'))).toEqual([]);
  });
});

describe('docs/runbook.md', () => {
  const runbook = readFileSync('docs/runbook.md', 'utf8');
  /** The sections of alarms, by anchor: the headings of the third level, which are their own anchors. */
  const sections = new Map(
    runbook
      .split(/^### /m)
      .slice(1)
      .map((part) => [part.slice(0, part.indexOf('\n')), part] as const),
  );
  const anchors = new Set(alarms.map(([, properties]) => anchorOf(properties)));

  it('has a section for every alarm, and an alarm for every section', () => {
    expect([...sections.keys()].sort()).toEqual([...anchors].sort());
  });

  it.each([...sections])('says at #%s what it means, how to look and how to repair', (_, text) => {
    expect(text).toMatch(/\n\*\*It means\*\*[^]+\n\*\*Look\*\*[^]+\n\*\*Repair\*\*/);
  });

  it('names the severities that the alarms have', () => {
    for (const [anchor, text] of sections) {
      const severities = new Set(alarms.filter(([, p]) => anchorOf(p) === anchor).map(([, p]) => severityOf(p)));
      const [, named = ''] = /^Severity: (.+)$/m.exec(text) ?? [];
      for (const severity of ['critical', 'warning']) {
        expect([anchor, severity, named.includes(severity)]).toEqual([anchor, severity, severities.has(severity)]);
      }
    }
  });
});

describe('a provider that stops delivering after failures', () => {
  const urgent = sources.filter(({ provider }) => provider.cutsOffAfterFailures);
  const others = sources.filter(({ provider }) => !provider.cutsOffAfterFailures);
  const kinds = ['Unavailable', 'VerifierErrors', 'VerifierThrottles'];

  it('is known: some do, and some do not', () => {
    expect(urgent.length).toBeGreaterThan(0);
    expect(others.length).toBeGreaterThan(0);
  });

  it.each(urgent)('has $name watched by the minute: one failure is critical', ({ name }) => {
    for (const kind of [...kinds, 'Rejected']) {
      const properties = alarm(`${pascalCase(name)}${kind}Alarm`);
      expect([kind, severityOf(properties)]).toEqual([kind, 'critical']);
      expect(properties.EvaluationPeriods).toBe(1);
      if (kind !== 'Rejected') expect(properties).toMatchObject({ Threshold: 1, Period: 60 });
    }
    const { Metrics } = alarm(`${pascalCase(name)}RejectedAlarm`);
    expect(JSON.stringify(Metrics)).toContain('IF(rejected >= 1, 100 * rejected / received, 0)');
    expect(JSON.stringify(Metrics)).toContain('"Period":60');
  });

  it('makes the answers of the whole API urgent too', () => {
    expect(alarm('ApiErrorsAlarm')).toMatchObject({ EvaluationPeriods: 1, Threshold: 1, Period: 60 });
    const { Properties } = resource(synthesize({ sources: { nabla: { provider: 'nabla' } } }), 'ApiErrorsAlarm');
    expect(Properties).toMatchObject({ EvaluationPeriods: 5, DatapointsToAlarm: 3 });
  });

  it.each(others)('is not what $name is: it takes three bad minutes of five', ({ name }) => {
    for (const kind of kinds) {
      expect(alarm(`${pascalCase(name)}${kind}Alarm`)).toMatchObject({ EvaluationPeriods: 5, DatapointsToAlarm: 3 });
    }
    expect(severityOf(alarm(`${pascalCase(name)}RejectedAlarm`))).toBe('warning');
  });
});

describe('deliveries that reach no verifier', () => {
  it('are counted by the kind of answer, in the access log', () => {
    expect(filters.map(({ FilterPattern, LogGroupName }) => [FilterPattern, LogGroupName])).toEqual([
      ['{ $.gatewayResponse = "THROTTLED" }', { Ref: 'ApiAccessLogs' }],
      ['{ $.gatewayResponse = "REQUEST_TOO_LARGE" }', { Ref: 'ApiAccessLogs' }],
      [
        '{ (($.route = "/webhooks/*") || ($.route = "-")) && (($.gatewayResponse = "ACCESS_DENIED") || ($.gatewayResponse = "WAF_FILTERED")) }',
        { Ref: 'ApiAccessLogs' },
      ],
    ]);
    const [stage] = Object.values(resourcesOf(everything, 'AWS::ApiGateway::Stage'));
    const { Format } = stage?.Properties.AccessLogSetting as { Format: string };
    expect(JSON.parse(Format)).toMatchObject({
      gateway: 'hookgate-dev',
      gatewayResponse: '$context.error.responseType',
      route: '$context.resourcePath',
      wafStatus: '$context.wafResponseCode',
    });
    expect([...new Set(countedInLogs.map(({ MetricNamespace }) => MetricNamespace))]).toEqual([METRIC.namespace]);
  });

  it('are an alarm at the first one: too large, or too many for the API or the firewall', () => {
    expect(alarm('ApiBodyTooLargeAlarm')).toMatchObject({ MetricName: 'ApiBodyTooLarge', Threshold: 1, Period: 60 });
    const watched = alarm('ThrottledAlarm').Metrics?.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []);
    expect(watched?.map(({ Namespace, MetricName }) => [Namespace, MetricName])).toEqual([
      [METRIC.namespace, 'Throttled'],
      ['AWS/WAFV2', 'BlockedRequests'],
    ]);
  });

  it('are an alarm, if their address is refused again and again, that nobody is woken for', () => {
    expect(severityOf(alarm('RefusedAddressAlarm'))).toBe('warning');
    expect(alarm('RefusedAddressAlarm')).toMatchObject({ EvaluationPeriods: 30, DatapointsToAlarm: 5, Threshold: 1 });
  });

  it('are counted without the firewall where there is none', () => {
    const { Properties } = resource(synthesize({ waf: { enabled: false } }), 'ThrottledAlarm');
    expect(Properties).toMatchObject({ MetricName: 'Throttled', Namespace: METRIC.namespace });
  });

  it('make a rule of the firewall count under the name that the alarm watches', () => {
    const { VisibilityConfig: acl, Rules } = resource(everything, 'Firewall').Properties as unknown as {
      VisibilityConfig: { MetricName: string };
      Rules: { VisibilityConfig: { MetricName: string } }[];
    };
    const metrics = alarm('ThrottledAlarm').Metrics?.flatMap(({ MetricStat }) => MetricStat?.Metric ?? []) ?? [];
    const [, { Dimensions = [] } = {}] = metrics;
    const watched = Object.fromEntries(Dimensions.map(({ Name, Value }) => [Name, Value]));
    expect(watched.WebACL).toBe(acl.MetricName);
    expect(Rules.map(({ VisibilityConfig }) => VisibilityConfig.MetricName)).toContain(watched.Rule);
  });
});

describe('alarms of a source', () => {
  it('tell of slow answers well before the deadline, or past a second where none is published', () => {
    expect(alarm('OsiguSlowAnswersAlarm')).toMatchObject({ Threshold: 5000, ExtendedStatistic: 'p99' });
    expect(alarm('NablaSlowAnswersAlarm')).toMatchObject({ Threshold: 1000, ExtendedStatistic: 'p99' });
  });

  it('tell of silence where the source says after how many hours, and nowhere else', () => {
    expect(alarm('NvsepSilenceAlarm')).toMatchObject({
      MetricName: METRIC.acknowledgeTime,
      Statistic: 'SampleCount',
      EvaluationPeriods: 24,
      Period: 3600,
      TreatMissingData: 'breaching',
    });
    expect(Object.keys(resourcesOf(synthesize()))).not.toContain('NvsepSilenceAlarm');
  });

  it('tell of a queue that is not emptied only after a failing message has had its tries', () => {
    const { VisibilityTimeout } = resource(everything, 'OsiguQueue').Properties;
    expect(alarm('OsiguQueueAgeAlarm').Threshold).toBeGreaterThan(3 * Number(VisibilityTimeout));
  });

  it('tell of dead letters days before SQS deletes them', () => {
    const retention = Number(resource(everything, 'OsiguDeadLetters').Properties.MessageRetentionPeriod);
    expect(alarm('OsiguDeadLettersExpireAlarm').Threshold).toBeLessThanOrEqual(retention - 4 * 86_400);
    expect(alarm('OsiguQuarantineExpiresAlarm').Threshold).toBeLessThanOrEqual(retention - 4 * 86_400);
  });

  it.each(['Verifier', 'Processor'])('tell of a %s that comes close to its time-out', (role) => {
    const timeoutMs = 1000 * Number(resource(everything, `Osigu${role}`).Properties.Timeout);
    const { Threshold } = alarm(`Osigu${role}DurationAlarm`);
    expect([Threshold < timeoutMs, Threshold > timeoutMs / 2]).toEqual([true, true]);
  });
});

describe('topics', () => {
  it('are encrypted, take TLS alone, and let the alarms of this account publish', () => {
    for (const id of ['CriticalAlarms', 'WarningAlarms']) {
      expect(JSON.stringify(resource(everything, id).Properties.KmsMasterKeyId)).toContain('EncryptionKey');
    }
    const policies = Object.values(resourcesOf(everything, 'AWS::SNS::TopicPolicy'));
    expect(policies).toHaveLength(2);
    for (const { Properties } of policies) {
      const text = JSON.stringify(Properties.PolicyDocument);
      expect(text).toContain('"aws:SecureTransport":"false"');
      expect(text).toContain('"Service":"cloudwatch.amazonaws.com"');
    }
    const keyPolicy = JSON.stringify(resource(everything, 'EncryptionKey').Properties.KeyPolicy);
    expect(keyPolicy).toContain('"Service":"cloudwatch.amazonaws.com"');
  });

  it('have the addresses of the configuration, each severity its own', () => {
    const subscriptions = Object.values(resourcesOf(everything, 'AWS::SNS::Subscription')).map(
      ({ Properties: { Endpoint, Protocol, TopicArn } }) => [Protocol, Endpoint, TopicArn],
    );
    expect(subscriptions).toEqual([
      ['email', 'on-call@example.com', { Ref: 'CriticalAlarms' }],
      ['email', 'desk@example.com', { Ref: 'WarningAlarms' }],
      ['email', 'lead@example.com', { Ref: 'WarningAlarms' }],
    ]);
    expect(resourcesOf(synthesize(), 'AWS::SNS::Subscription')).toEqual({});
  });
});

describe('the dashboard', () => {
  it('is one, of one length for any number of sources', () => {
    const dashboards = [everything, synthesize({ sources: { nabla: { provider: 'nabla' } } })].map((template) =>
      Object.values(resourcesOf(template, 'AWS::CloudWatch::Dashboard')).map(({ Properties }) =>
        JSON.stringify(Properties.DashboardBody),
      ),
    );
    const [[ofAll = ''] = [], [ofOne = ''] = []] = dashboards;
    expect(dashboards.map(({ length }) => length)).toStrictEqual([1, 1]);
    expect(ofAll).toBe(ofOne);
  });

  it('shows of each source all that an operator asks for', () => {
    const searches = searchesOf(everything);
    const { received, accepted, duplicate, rejected, quarantined, unavailable } = METRIC;
    for (const name of [received, accepted, duplicate, quarantined, unavailable, METRIC.processed, METRIC.failed])
      expect(searches).toContain(`{Hookgate,service,source} service="hookgate-dev" MetricName="${name}"', 'Sum', 300`);
    expect(searches).toContain(
      `{Hookgate,service,source,reason} service="hookgate-dev" MetricName="${rejected}"', 'Sum', 300`,
    );
    for (const name of [METRIC.acknowledgeTime, METRIC.processTime])
      for (const statistic of ['p50', 'p99'])
        expect(searches).toContain(
          `{Hookgate,service,source} service="hookgate-dev" MetricName="${name}"', '${statistic}', 300`,
        );
    for (const name of ['ApproximateNumberOfMessagesVisible', 'ApproximateAgeOfOldestMessage'])
      expect(searches).toContain(`{AWS/SQS,QueueName} hookgate dev MetricName="${name}"', 'Maximum', 300`);
  });

  it('shows metrics that the code emits', () => {
    const emitted: readonly string[] = Object.values(METRIC).filter((name) => typeof name === 'string');
    const shown = searchesOf(everything).flatMap((search) =>
      search.startsWith('{Hookgate,') ? (/MetricName="(\w+)"/.exec(search)?.[1] ?? []) : [],
    );
    expect(shown.length).toBeGreaterThan(10);
    expect(shown.filter((name) => !emitted.includes(name))).toEqual([]);
  });
});

describe('tracing', () => {
  it('is on from the API through every function', () => {
    const stages = Object.values(resourcesOf(everything, 'AWS::ApiGateway::Stage'));
    expect(stages.map(({ Properties }) => Properties.TracingEnabled)).toEqual([true]);
    const functions = Object.values(resourcesOf(everything, 'AWS::Lambda::Function'));
    expect(functions.length).toBeGreaterThan(2 * sources.length - 1);
    for (const { Properties } of functions) expect(Properties.TracingConfig).toEqual({ Mode: 'Active' });
  });
});
