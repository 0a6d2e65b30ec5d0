import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { METRIC } from '../../lambdas/contract.ts';
import { runbookSections } from '../../cli/ops/runbook.ts';
import { catalogue, narrowed } from '../../cli/providers/catalogue.ts';
import { providerNamed, providers } from '../../lambdas/providers/index.ts';
import { parseAlarmName, pascalCase } from '../../lib/config/stack-names.ts';
import { LOG_METRIC } from '../../lib/constructs/alarms/gateway-table.ts';
import { RATE_RULE } from '../../lib/constructs/ingress/rate-rules.ts';
import { withFakeProviders } from '../../local/fake-providers/settings.ts';
import settings, { config } from '../settings.ts';
import { pointsOf } from './metric-math.ts';
import { resource, resourcesOf, synthesize } from './synth.ts';
import type { Resource } from './synth.ts';

interface MetricOfAlarm {
  readonly MetricName: string;
  readonly Namespace: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

/** The properties of an alarm in the template, as far as they are looked at here. */
interface AlarmProperties extends Partial<MetricOfAlarm> {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: unknown;
  readonly OKActions?: unknown;
  readonly Metrics?: readonly {
    readonly Id?: string;
    /** An object if it names a resource, whose name CloudFormation makes. */
    readonly Expression?: string | object;
    readonly MetricStat?: { readonly Metric: MetricOfAlarm; readonly Period?: number };
  }[];
  readonly Period?: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm: number;
  readonly Threshold: number;
  readonly TreatMissingData: string;
}

/** Every source polls and rotates if its provider can, so that every alarm is in the template. */
const whole = {
  alarms: { critical: ['on-call@example.com'], warning: ['desk@example.com', 'lead@example.com'] },
  sources: {
    ...Object.fromEntries(
      Object.entries(withFakeProviders(settings, 'https://api.example.com').sources).map(([name, source]) => [
        name,
        { ...source, silenceAlarmHours: 24 },
      ]),
    ),
    ...withFakeProviders(
      {
        sources: {
          fhir: { provider: 'fhir', options: { heartbeatSeconds: 120 } },
          graph: { provider: 'microsoft-graph', gradual: {} },
          watched: { provider: 'microsoft-graph', poll: { keepRegistered: false } },
        },
      },
      'https://api.example.com',
    ).sources,
  },
};
const everything = synthesize(whole);
const { sources } = config;
type Stack = typeof everything;
/** With the name of an alarm as it is once the version that it is about has a number. */
function named({ AlarmName, ...properties }: Resource['Properties']): Resource['Properties'] {
  const parts = (AlarmName as { readonly 'Fn::Join'?: readonly [string, readonly unknown[]] })['Fn::Join']?.[1];
  const name = parts?.map((part) => (typeof part === 'string' ? part : '12')).join('') ?? AlarmName;
  return { AlarmName: name, ...properties };
}
const alarmsOf = (template: Stack) =>
  Object.entries(resourcesOf(template, 'AWS::CloudWatch::Alarm')).map(
    ([id, { Properties }]) => [id, named(Properties) as unknown as AlarmProperties] as const,
  );
const alarms = alarmsOf(everything);
const alarm = (id: string): AlarmProperties => resource(everything, id).Properties as unknown as AlarmProperties;
const kindOf = ({ AlarmName }: AlarmProperties): string => parseAlarmName('hookgate-dev', AlarmName)?.alarm ?? '';

const DESCRIPTION = /^\[(critical|warning)\] [A-Z0-9].+\. Look: [A-Z].+\. Do: [A-Z].+\. Runbook: (.+)$/;
const severityOf = ({ AlarmDescription }: AlarmProperties) => DESCRIPTION.exec(AlarmDescription)?.[1];

/** Whether an alarm that computes is on, at the end of what came in each of its periods: the name of a metric, and its values. */
function isOn(
  { Metrics = [], EvaluationPeriods, DatapointsToAlarm, Threshold }: AlarmProperties,
  came: Readonly<Record<string, readonly (number | undefined)[]>>,
): boolean {
  const [expression = ''] = Metrics.flatMap(({ Expression }) => (typeof Expression === 'string' ? [Expression] : []));
  const series = Metrics.flatMap(({ Id, MetricStat }) => {
    if (Id === undefined || !MetricStat) return [];
    const { MetricName, Dimensions = [] } = MetricStat.Metric;
    const type = Dimensions.find(({ Name }) => Name === 'type')?.Value;
    const values = came[typeof type === 'string' ? `${MetricName} ${type}` : MetricName] ?? [];
    return [[Id, Array.from({ length: EvaluationPeriods }, (_, back) => values.at(back - EvaluationPeriods))] as const];
  });
  const points = pointsOf(expression, EvaluationPeriods, Object.fromEntries(series));
  return points.filter((point) => point !== undefined && point >= Threshold).length >= DatapointsToAlarm;
}

/** The queries of an alarm, as texts. */
const queriesOf = (one: AlarmProperties): string[] => [
  ...(one.MetricName === undefined ? [] : [JSON.stringify([one.Namespace, one.MetricName, one.Dimensions])]),
  ...(one.Metrics ?? []).flatMap(({ Expression = '', MetricStat }) => [
    ...[typeof Expression === 'string' ? Expression : JSON.stringify(Expression)].filter((text) =>
      text.includes('SELECT'),
    ),
    ...(MetricStat
      ? [JSON.stringify([MetricStat.Metric.Namespace, MetricStat.Metric.MetricName, MetricStat.Metric.Dimensions])]
      : []),
  ]),
];

/** The dashboard's searches. */
function searchesOf(template: typeof everything): string[] {
  const [dashboard] = Object.values(resourcesOf(template, 'AWS::CloudWatch::Dashboard'));
  const text = JSON.stringify(dashboard?.Properties.DashboardBody).replaceAll('\\', '');
  return [...text.matchAll(/SEARCH\('(.+?)\)"/g)].map(([, search = '']) => search);
}

describe('every alarm', () => {
  const names = (): string[] => alarms.map(([, { AlarmName }]) => AlarmName);

  it.each(alarms)('%s says what happened, where to look, what to do, and where to read on', (_, properties) => {
    expect(properties.AlarmDescription).toMatch(DESCRIPTION);
    // CloudWatch's limit, with the longest address of the docs.
    expect(properties.AlarmDescription.length + 300).toBeLessThanOrEqual(1024);
    expect(properties.AlarmDescription).toContain(`Runbook: npm run ops -- runbook ${kindOf(properties)}`);
  });

  it.each(alarms)("%s tells its severity's topic, and sends nothing when it is made", (_, properties) => {
    const topic = { Ref: severityOf(properties) === 'critical' ? 'CriticalAlarms' : 'WarningAlarms' };
    expect(properties.AlarmActions).toStrictEqual([topic]);
    expect(properties.OKActions).toBeUndefined();
    expect(properties.TreatMissingData).toBe('notBreaching');
  });

  it('has a name of its own: gateway, source, kind', () => {
    expect(new Set(names()).size).toBe(alarms.length);
    expect(names().filter((name) => !/^hookgate-dev--[a-z0-9-]+(?:--new-[a-z]+-fails@12)?$/.test(name))).toEqual([]);
    expect(alarm('OsiguDeadLettersAlarm').AlarmName).toBe('hookgate-dev--osigu--dead-letters');
    expect(alarm('UnavailableAlarm').AlarmName).toBe('hookgate-dev--unavailable');
  });

  it('is found by its name, whatever version of a function it is about', () => {
    const about = { alarm: 'new-verifier-fails', source: 'graph' };
    expect(names()).toContain('hookgate-dev--graph--new-verifier-fails@12');
    expect(parseAlarmName('hookgate-dev', 'hookgate-dev--graph--new-verifier-fails@12')).toStrictEqual(about);
    expect(parseAlarmName('hookgate-dev', 'hookgate-dev--graph--new-verifier-fails')).toStrictEqual(about);
    expect(parseAlarmName('hookgate-dev', 'hookgate-dev--unavailable')).toStrictEqual({
      alarm: 'unavailable',
      source: null,
    });
  });

  it('watches this gateway alone, or a resource of it', () => {
    const foreign = alarms.flatMap(([id, properties]) =>
      queriesOf(properties).flatMap((query) => {
        const isOurs =
          query.includes("service = 'hookgate-dev'") || query.includes('"Name":"service","Value":"hookgate-dev"');
        const isOfResource =
          /"(QueueName|FunctionName)","Value":\{|"Fn::GetAtt":\["\w+","QueueName"\]/.test(query) ||
          query.includes(`"WebACL" = 'hookgate-dev'`);
        return isOurs || isOfResource ? [] : [`${id}: ${query}`];
      }),
    );
    expect(foreign).toEqual([]);
    expect(alarms.flatMap(([, one]) => queriesOf(one)).length).toBeGreaterThanOrEqual(alarms.length);
  });

  it('watches a metric that the code or the access log emits', () => {
    const queries = alarms.flatMap(([, one]) => queriesOf(one)).filter((query) => query.includes('Hookgate'));
    const names = queries.map((query) => (/(?:SUM|MAX)\((\w+)\)/.exec(query) ?? /"Hookgate","(\w+)"/.exec(query))?.[1]);
    const emitted: readonly unknown[] = [...Object.values(METRIC), ...Object.values(LOG_METRIC)];
    expect(names.length).toBeGreaterThan(15);
    expect(names.filter((name) => !emitted.includes(name))).toEqual([]);
  });

  it('has a link to the docs, if the setting says where they are', () => {
    const linked = synthesize({ docsUrl: 'https://example.com/docs/', sources: { nabla: { provider: 'nabla' } } });
    for (const [, one] of alarmsOf(linked))
      expect(one.AlarmDescription).toContain(`Runbook: https://example.com/docs/runbook.md#${kindOf(one)}`);
  });
});

describe('two gateways in one account', () => {
  it('share no metric, alarm or graph', () => {
    const of = (stage: string): Set<string> => {
      const template = synthesize({ stage });
      const ours = searchesOf(template).filter((search) => search.includes('{Hookgate,'));
      const made = alarmsOf(template).flatMap(([, one]) => [one.AlarmName, ...queriesOf(one)]);
      // A reference stands for another resource in another stack.
      return new Set([...ours, ...made.filter((text) => !/"Value":\{|"Fn::GetAtt"/.test(text))]);
    };
    const [dev, test] = [of('dev'), of('test')];
    expect(dev.size).toBeGreaterThan(30);
    expect([...dev].filter((one) => test.has(one))).toEqual([]);
  });
});

describe('the number of alarms', () => {
  it('is five for a source, and does not grow in the shared stack', () => {
    const ids = (names: readonly string[]) =>
      alarmsOf(synthesize({ sources: Object.fromEntries(names.map((name) => [name, { provider: 'nabla' }])) })).map(
        ([id]) => id,
      );
    const [one, two] = [ids(['a']), ids(['a', 'b'])];
    expect(two.filter((id) => !one.includes(id)).sort()).toStrictEqual(
      ['DeadLetters', 'DeadLettersExpire', 'QuarantineExpires', 'QueueAge', 'Rejected'].map((part) => `B${part}Alarm`),
    );
  });
});

describe('docs/runbook.md', () => {
  const sections = runbookSections();
  const kinds = new Set(alarms.map(([, properties]) => kindOf(properties)));
  /** The alarms that differ with whether the provider of the only source stops delivering after failures. */
  const differing = ((): Set<string> => {
    const nabla = providerNamed('nabla');
    const of = (cutsOffAfterFailures: boolean) =>
      alarmsOf(
        synthesize(
          { sources: { notes: { provider: 'nabla', silenceAlarmHours: 1 } } },
          { providers: new Map([['nabla', { ...nabla, cutsOffAfterFailures }]]) },
        ),
      );
    const calm = new Map(of(false));
    const urgency = (one: AlarmProperties): string => [severityOf(one), one.DatapointsToAlarm].join();
    return new Set(
      of(true).flatMap(([id, one]) => {
        const other = calm.get(id);
        return other && urgency(other) !== urgency(one) ? kindOf(one) : [];
      }),
    );
  })();

  it('has a section for every alarm, and an alarm for every section', () => {
    expect([...sections.keys()].sort()).toEqual([...kinds].sort());
  });

  it.each([...sections])('says at #%s what it means, how to look and how to repair', (_, text) => {
    expect(text).toMatch(/\n\*\*It means\*\*[^]+\n\*\*Look\*\*[^]+\n\*\*Repair\*\*/);
  });

  it('names the severities that the alarms have', () => {
    for (const [anchor, text] of sections) {
      const severities = new Set(alarms.filter(([, p]) => kindOf(p) === anchor).map(([, p]) => severityOf(p)));
      const [, named = ''] = /^Severity: (.+)$/m.exec(text) ?? [];
      for (const severity of ['critical', 'warning'])
        expect([anchor, severity, named.includes(severity)]).toEqual([anchor, severity, severities.has(severity)]);
    }
  });

  it('names no provider for an urgency that more have than it names', () => {
    const urgent = [...providers.values()].filter(({ cutsOffAfterFailures }) => cutsOffAfterFailures);
    for (const [anchor, text] of sections) {
      // Behind "Only for" are the providers that have the alarm at all.
      const [, named = ''] = /^Severity: ([^]+?)(?: Only for [^]+?)?\n\n/m.exec(text) ?? [];
      const isByProvider = named.includes('(#severities)');
      for (const { title } of urgent) expect([anchor, named.includes(title)]).toEqual([anchor, false]);
      // Of two gateways that differ in nothing but whether the provider stops, the alarm differs.
      expect([anchor, isByProvider]).toEqual([anchor, differing.has(anchor)]);
    }
    expect(narrowed(catalogue(providers.values()), { stops: true }).map(({ name }) => name)).toEqual(
      urgent.map(({ name }) => name).sort((a, b) => a.localeCompare(b)),
    );
    expect(readFileSync('docs/runbook.md', 'utf8')).toContain('`npm run providers -- --stops`');
  });

  it('does not look into messages that are encrypted', () => {
    expect(readFileSync('docs/runbook.md', 'utf8')).not.toContain('.Body | fromjson');
  });
});

describe('a provider that stops delivering after failures', () => {
  it('makes failures of the gateway urgent at the first minute, and three of five are an outage otherwise', () => {
    const calm = synthesize({ sources: { nabla: { provider: 'nabla' } } });
    for (const id of ['UnavailableAlarm', 'ApiErrorsAlarm', 'ThrottledAlarm']) {
      expect(alarm(id)).toMatchObject({ EvaluationPeriods: 1, DatapointsToAlarm: 1, Threshold: 1 });
      expect(resource(calm, id).Properties).toMatchObject({ EvaluationPeriods: 5, DatapointsToAlarm: 3 });
    }
  });

  it('makes signatures that do not match critical', () => {
    for (const { name, provider } of sources)
      expect(severityOf(alarm(`${pascalCase(name)}RejectedAlarm`))).toBe(
        provider.cutsOffAfterFailures ? 'critical' : 'warning',
      );
  });
});

describe('a Subscription with a heartbeat', () => {
  /** A value per minute of the last hours, of what came so many minutes ago. */
  const counted = (ago: readonly number[]): (number | undefined)[] =>
    Array.from({ length: 2_000 }, (_, index) => (ago.includes(1_999 - index) ? 1 : undefined));

  const missing = (minutes: Readonly<Record<string, number[]>>): boolean => {
    const came = Object.entries(minutes).map(([name, at]) => [name, counted(at)] as const);
    return isOn(alarm('FhirHeartbeatMissingAlarm'), {
      ...Object.fromEntries(came),
      ApproximateNumberOfMessagesVisible: Array<number>(2_000).fill(1),
    });
  };

  it('has an alarm after twice its period and a minute, whatever came last', () => {
    expect(alarm('FhirHeartbeatMissingAlarm').DatapointsToAlarm).toBe(5);
    for (const name of [METRIC.acknowledgeTime, `${METRIC.notified} heartbeat`, `${METRIC.notified} handshake`]) {
      expect([name, missing({ [name]: [4, 6] })]).toEqual([name, false]);
      expect([name, missing({ [name]: [5, 7, 9] })]).toEqual([name, true]);
      expect([name, missing({ [name]: [600] })]).toEqual([name, true]);
    }
    expect(missing({ [`${METRIC.notified} heartbeat`]: [30, 2], [METRIC.acknowledgeTime]: [900] })).toBe(false);
  });

  it('has none before anything has come: nobody can have made the Subscription at the first deployment', () => {
    expect(missing({})).toBe(false);
    expect(missing({ [METRIC.received]: [10, 20], [METRIC.pollSucceeded]: [5] })).toBe(false);
  });

  it('has none by a notification that was captured and is sent again', () => {
    expect(missing({ [`${METRIC.notified} event-notification`]: [0, 60], [METRIC.acknowledgeTime]: [120] })).toBe(true);
  });

  it.each([10, 60, 3_600, 21_540, 21_600, 36_000])('of %i s is watched within what CloudWatch looks at', (seconds) => {
    const sources = { ehr: { provider: 'fhir', options: { heartbeatSeconds: seconds } } };
    const { Properties } = resource(synthesize({ sources }), 'EhrHeartbeatMissingAlarm');
    const { EvaluationPeriods, DatapointsToAlarm, Metrics = [] } = Properties as unknown as AlarmProperties;
    const [period] = Metrics.flatMap(({ MetricStat }) => MetricStat?.Period ?? []);
    if (period === undefined) throw new Error('no period');
    // A day for periods of less than an hour, else a week
    // (https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html).
    expect(EvaluationPeriods * period).toBeLessThanOrEqual(period < 3_600 ? 86_400 : 604_800);
    expect(DatapointsToAlarm * period).toBeGreaterThanOrEqual(2 * seconds);
    expect(DatapointsToAlarm * 2).toBeLessThanOrEqual(EvaluationPeriods);
  });

  it('has no alarm that no other source has, if its provider says nothing of it', () => {
    const ids = alarms
      .map(([, properties]) => properties.AlarmName)
      .filter((name) => /heartbeat-missing|gap-found/.test(name));
    expect(ids).toHaveLength(2);
  });
});

describe('a source whose registrations are kept alive', () => {
  const kept = ['fhir', ...Object.keys(settings.sources), 'graph', 'watched'].filter((name) =>
    alarms.some(([id]) => id === `${pascalCase(name)}SubscriptionFailingAlarm`),
  );

  it('has an alarm if one is off or gone for good, and no other source has it', () => {
    expect(kept).toEqual(expect.arrayContaining(['fhir', 'graph', 'stripe']));
    expect(kept).not.toEqual(expect.arrayContaining(['watched']));
    expect(kept).not.toEqual(expect.arrayContaining(['nvsep']));
    expect(severityOf(alarm('GraphSubscriptionFailingAlarm'))).toBe('critical');
  });

  it('has an alarm before one ends, at half of the time at which it is renewed', () => {
    expect(alarm('GraphRegistrationEndsAlarm')).toMatchObject({ Threshold: 1, TreatMissingData: 'notBreaching' });
    expect(JSON.stringify(alarm('GraphRegistrationEndsAlarm').Metrics)).toContain('IF(days < 1.458, 1, 0)');
    expect(queriesOf(alarm('GraphRegistrationEndsAlarm'))[0]).toContain(METRIC.registrationDaysLeft);
    const ends = alarms.filter(([id]) => id.endsWith('RegistrationEndsAlarm')).map(([id]) => id);
    expect(ends).toEqual(['GraphRegistrationEndsAlarm']);
  });
});

describe('a stranger', () => {
  it('pages nobody with what has no signature of the right form, or is too large', () => {
    const rejected = queriesOf(alarm('OsiguRejectedAlarm'));
    expect(rejected).toHaveLength(2);
    expect(rejected[0]).toContain('"Name":"reason","Value":"signature_mismatch"');
    // All versions of the secret: during a rotation the authentic deliveries match the pending one.
    expect(rejected[1]).toContain(METRIC.acknowledgeTime);
    expect(rejected[1]).not.toContain('secretVersion');
    for (const id of ['BodyTooLargeAlarm', 'ApiBodyTooLargeAlarm', 'RefusedAddressAlarm'])
      expect([id, severityOf(alarm(id)), alarm(id).DatapointsToAlarm > 1]).toEqual([id, 'warning', true]);
  });

  it('pages nobody with forgeries if nothing authentic comes, nor with a flood from one address: both are warnings', () => {
    const [result] = (alarm('OsiguRejectedAlarm').Metrics ?? []).flatMap(({ Expression }) => Expression ?? []);
    expect(result).toContain('AND FILL(authentic, 0) > 0');
    expect(alarm('SignatureMismatchAlarm')).toMatchObject({ DatapointsToAlarm: 3, EvaluationPeriods: 12 });
    expect(queriesOf(alarm('SignatureMismatchAlarm'))).toEqual([
      "SELECT SUM(Rejected) FROM SCHEMA(Hookgate, service, source, reason) WHERE service = 'hookgate-dev' AND reason = 'signature_mismatch' GROUP BY source",
    ]);
    const critical = alarms.filter(([, each]) => severityOf(each) === 'critical');
    expect(critical.length).toBeGreaterThan(10);
    for (const [, each] of critical) expect(JSON.stringify(queriesOf(each))).not.toContain('AWS/WAFV2');
    for (const id of ['SignatureMismatchAlarm', 'AddressLimitedAlarm']) expect(severityOf(alarm(id))).toBe('warning');
    expect(queriesOf(alarm('AddressLimitedAlarm'))).toEqual([
      `SELECT SUM(BlockedRequests) FROM SCHEMA("AWS/WAFV2", "Region", "Rule", "WebACL") WHERE "Rule" = '${RATE_RULE}' AND "WebACL" = 'hookgate-dev'`,
    ]);
  });

  it('cannot keep the silence of a source quiet, and a new source is not silent from its first minute on', () => {
    const [wanted, deployed] = queriesOf(alarm('NvsepSilenceAlarm'));
    expect(wanted).toContain(METRIC.acknowledgeTime);
    expect(deployed).toContain('NvsepQueue');
    expect(alarm('NvsepSilenceAlarm')).toMatchObject({ EvaluationPeriods: 24, DatapointsToAlarm: 24 });
    expect(Object.keys(resourcesOf(synthesize()))).not.toContain('NvsepSilenceAlarm');
  });
});

describe('the first deployment', () => {
  const intervals = (values: readonly (number | undefined)[]) => ({
    ApproximateNumberOfMessagesVisible: [1, 1, 1, 1, 1],
    [METRIC.pollWaits]: values,
  });

  it('pages nobody for polls while nobody has stored the credentials, and tells the desk two hours later', () => {
    const polled = alarm('OptumNoSuccessfulPollAlarm');
    expect(isOn(polled, intervals([1, 1, 1, 1, 1]))).toBe(false);
    // A value that cannot be used was stored since.
    expect(isOn(polled, intervals([1, 1, undefined, undefined, undefined]))).toBe(true);
    expect(isOn(polled, intervals([]))).toBe(true);
    expect(isOn(polled, { ...intervals([]), [METRIC.pollSucceeded]: [1, 1, 1, 1, 1] })).toBe(false);
    const told = alarm('OptumCredentialsMissingAlarm');
    expect((told.Period ?? 0) * told.DatapointsToAlarm).toBe(7_200);
    expect([severityOf(told), queriesOf(told)]).toEqual(['warning', [expect.stringContaining(METRIC.pollWaits)]]);
  });

  it('pages nobody for deliveries before the secret is stored', () => {
    expect(severityOf(alarm('SecretMissingAlarm'))).toBe('warning');
    expect(queriesOf(alarm('SecretMissingAlarm'))).toEqual([expect.stringContaining(METRIC.secretMissing)]);
    const critical = alarms.filter(([, each]) => severityOf(each) === 'critical');
    for (const [, each] of critical) expect(queriesOf(each).join()).not.toContain(METRIC.secretMissing);
  });
});

describe('the keys', () => {
  it('are watched: who disables one, or schedules its deletion, is told of at once', () => {
    const keys = Object.keys(resourcesOf(everything, 'AWS::KMS::Key'));
    const rules = Object.values(resourcesOf(everything, 'AWS::Events::Rule')).filter(({ Properties }) =>
      JSON.stringify(Properties).includes('DisableKey'),
    );
    for (const key of keys) {
      const watching = rules.filter(({ Properties }) => JSON.stringify(Properties.EventPattern).includes(`"${key}"`));
      expect([key, watching.length]).toEqual([key, 1]);
      for (const { Properties } of watching) {
        const detail = { eventName: ['DisableKey', 'ScheduleKeyDeletion'] };
        expect(Properties.EventPattern).toMatchObject({ detail });
        const [target] = Properties.Targets as { Arn: { Ref: string } }[];
        const topic = resource(everything, target?.Arn.Ref ?? '').Properties;
        // Who is told must not be told under the key that fails.
        expect(JSON.stringify(topic.KmsMasterKeyId)).not.toContain(`"${key}"`);
        const addresses = Object.values(resourcesOf(everything, 'AWS::SNS::Subscription'))
          .filter(({ Properties: { TopicArn } }) => JSON.stringify(TopicArn) === JSON.stringify(target?.Arn))
          .map(({ Properties: { Endpoint } }) => Endpoint);
        expect(addresses).toEqual(['on-call@example.com']);
      }
    }
    expect(keys).toHaveLength(3);
  });
});

describe('alarms of queues', () => {
  it('tell of a queue that is not emptied only after a failing message has had its first tries', () => {
    const { VisibilityTimeout } = resource(everything, 'OsiguQueue').Properties;
    expect(alarm('OsiguQueueAgeAlarm').Threshold).toBeGreaterThan(3 * Number(VisibilityTimeout));
  });

  it('tell of dead letters days before SQS deletes them', () => {
    const retention = Number(resource(everything, 'OsiguDeadLetters').Properties.MessageRetentionPeriod);
    expect(alarm('OsiguDeadLettersExpireAlarm').Threshold).toBeLessThanOrEqual(retention - 4 * 86_400);
    expect(alarm('OsiguQuarantineExpiresAlarm').Threshold).toBeLessThanOrEqual(retention - 4 * 86_400);
  });
});

describe('the access log', () => {
  it('counts what no function counts, by the gateway', () => {
    const filters = Object.values(resourcesOf(everything, 'AWS::Logs::MetricFilter')).map(
      ({ Properties }) => Properties,
    );
    expect(filters.map(({ FilterPattern }) => FilterPattern)).toEqual([
      '{ $.gatewayResponse = "THROTTLED" }',
      '{ $.gatewayResponse = "REQUEST_TOO_LARGE" }',
      '{ (($.route = "/webhooks/*") || ($.route = "-")) && (($.gatewayResponse = "ACCESS_DENIED") || ($.gatewayResponse = "WAF_FILTERED")) }',
      '{ ($.status = "500") || ($.status = "502") || ($.status = "504") }',
    ]);
    for (const { MetricTransformations } of filters)
      expect(JSON.stringify(MetricTransformations)).toContain('{"Key":"service","Value":"$.gateway"}');
    const [stage] = Object.values(resourcesOf(everything, 'AWS::ApiGateway::Stage'));
    const { Format = '' } = (stage?.Properties.AccessLogSetting ?? {}) as { Format?: string };
    expect(JSON.parse(Format)).toMatchObject({
      gateway: 'hookgate-dev',
      gatewayResponse: '$context.error.responseType',
      route: '$context.resourcePath',
      wafStatus: '$context.wafResponseCode',
    });
  });

  it('counts without the firewall where there is none', () => {
    const { Properties } = resource(synthesize({ waf: { enabled: false } }), 'ThrottledAlarm');
    expect(queriesOf(Properties as unknown as AlarmProperties)).toEqual([
      "SELECT SUM(Throttled) FROM SCHEMA(Hookgate, service) WHERE service = 'hookgate-dev'",
    ]);
  });
});

describe('topics', () => {
  it('are encrypted, take TLS alone, and let the alarms of this account publish', () => {
    for (const id of ['CriticalAlarms', 'WarningAlarms']) {
      expect(JSON.stringify(resource(everything, id).Properties.KmsMasterKeyId)).toContain('EventBusDeadLettersKey');
    }
    const policies = Object.values(resourcesOf(everything, 'AWS::SNS::TopicPolicy'));
    expect(policies).toHaveLength(3);
    for (const { Properties } of policies) {
      const text = JSON.stringify(Properties.PolicyDocument);
      expect(text).toContain('"aws:SecureTransport":"false"');
      expect(text).toContain('"cloudwatch.amazonaws.com"');
    }
    const keyPolicy = JSON.stringify(resource(everything, 'EventBusDeadLettersKey').Properties.KeyPolicy);
    for (const service of ['cloudwatch', 'events']) expect(keyPolicy).toContain(`${service}.amazonaws.com`);
    expect(JSON.stringify(resource(everything, 'KeyAlarms').Properties.KmsMasterKeyId)).toContain('RecordKey');
  });

  it('have the addresses of the configuration, each severity its own', () => {
    const subscriptions = Object.values(resourcesOf(everything, 'AWS::SNS::Subscription')).map(
      ({ Properties: { Endpoint, Protocol, TopicArn } }) => [Protocol, Endpoint, TopicArn],
    );
    expect(subscriptions).toEqual([
      ['email', 'on-call@example.com', { Ref: 'CriticalAlarms' }],
      ['email', 'desk@example.com', { Ref: 'WarningAlarms' }],
      ['email', 'lead@example.com', { Ref: 'WarningAlarms' }],
      ['email', 'on-call@example.com', { Ref: 'KeyAlarms' }],
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
    const functions = Object.entries(resourcesOf(everything, 'AWS::Lambda::Function'));
    expect(functions.length).toBeGreaterThan(2 * sources.length - 1);
    for (const [id, { Properties }] of functions)
      expect([id, Properties.TracingConfig]).toEqual([
        id,
        { Mode: id.endsWith('Processor') ? 'PassThrough' : 'Active' },
      ]);
  });

  it('records one request of a hundred, and not the first of every second', () => {
    expect(resource(everything, 'TraceSampling').Properties.SamplingRule).toMatchObject({
      ...{ FixedRate: 0.01, ReservoirSize: 0, ServiceName: 'hookgate-dev/dev' },
    });
  });
});
