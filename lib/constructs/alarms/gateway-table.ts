import { METRIC } from '../../../lambdas/contract.ts';
import type { HookgateConfig } from '../../config/config.ts';
import type { AlarmRow, MetricRef } from './row.ts';

/** Names of resources that alarms of the gateway watch. */
export interface GatewayNames {
  readonly gateway: string;
  readonly region: string;
  readonly busDeadLetters: string;
  /** The function that measures the ages of secrets; absent if no secret is rotated by hand. */
  readonly secretAges?: string;
  /** The firewall's rule that limits one address. */
  readonly rateRule: string;
}

/** The metrics that are counted in the lines of the access log. */
export const LOG_METRIC = {
  throttled: 'Throttled',
  bodyTooLarge: 'ApiBodyTooLarge',
  refusedAddress: 'RefusedAddress',
  serverErrors: 'RouteErrors',
} as const;

const MINUTE = 60;
const FIVE = 300;
const HOUR = 3600;
/** Seconds after which a message of a paused source is handed out again at the latest, and counted as one that waits. */
export const HELD_AT_MOST = 1800;

/** Seconds by which an event may be late that was fetched by polling. */
const LATE_SECONDS = 3600;

/** The alarms of the gateway: one for each kind of fault, over all sources. Each has its section in docs/runbook.md. */
export function gatewayAlarms(config: HookgateConfig, names: GatewayNames): AlarmRow[] {
  const { sources } = config;
  // As urgent as the most urgent source. A provider that stops delivering after failures is an alarm at the first minute; another one
  // tries again, so that a single minute heals by itself, and three of five are an outage.
  const isUrgent = sources.some(({ provider }) => provider.cutsOffAfterFailures);
  const failures = isUrgent ? {} : ({ periods: [3, 5] } as const);
  return [
    {
      ...of(METRIC.unavailable, MINUTE, failures),
      ...{ id: 'unavailable', severity: 'critical' },
      happened: 'Deliveries to the source could not be accepted and were answered 503.',
      look: 'Read the errors of its verifier: step and name.',
      act: 'Restore the policy or the key that the error names (npm run deploy), or wait if AWS fails: the provider tries again.',
    },
    {
      ...{ id: 'api-errors', severity: 'critical', threshold: 1, seconds: MINUTE, ...failures },
      query: { select: 'SUM', name: LOG_METRIC.serverErrors, by: 'route' },
      happened:
        'Deliveries to the route were answered 5xx without an answer of the verifier: it crashed, timed out or was throttled.',
      look: 'Read the access log and the log of the verifier.',
      act: 'If it began with a deployment, deploy the version before.',
    },
    {
      ...of(METRIC.conflict, FIVE),
      ...{ id: 'conflict', severity: 'warning' },
      happened: 'A known event key of the source came with another body: the second event waits in quarantine.',
      look: 'Compare the two: npm run ops -- quarantine list <source>.',
      act: 'Release it if it is a second event or a correction, else drop it.',
    },
    {
      ...of(METRIC.quarantined, FIVE),
      ...{ id: 'quarantine', severity: 'warning' },
      happened: 'Authentic events of the source wait in quarantine for a decision.',
      look: 'See the reasons: npm run ops -- quarantine list <source>.',
      act: 'Release or drop each by its reason.',
    },
    {
      ...of(METRIC.failed, FIVE, { periods: [3, 12] }),
      ...{ id: 'failing', severity: 'warning' },
      happened: 'Events of the source keep failing, and are tried again.',
      look: 'See the reasons in the log of its processor.',
      act: 'If what the handler needs is down, wait until it is back; else correct the handler.',
    },
    {
      ...of(METRIC.paused, HELD_AT_MOST),
      ...{ id: 'paused', severity: 'warning' },
      happened: 'Events of the source wait: most tries failed, or an operator has paused it. Deliveries are accepted.',
      look: 'See why: npm run ops -- status.',
      act: 'Mend what the handler calls; a source that an operator has paused goes on with npm run ops -- resume <source>.',
    },
    {
      ...of(METRIC.bodyTooLarge, FIVE, { periods: [3, 12] }),
      ...{ id: 'body-too-large', severity: 'warning' },
      happened: 'Deliveries to the source are larger than maxBodyBytes, again and again, and are answered 413.',
      look: 'See in the access log who sends them.',
      act: 'If it is the provider, raise maxBodyBytes.',
    },
    {
      ...{ id: 'api-body-too-large', severity: 'warning', threshold: 1, seconds: FIVE, periods: [3, 12] },
      query: { metric: own(names, LOG_METRIC.bodyTooLarge) },
      happened: 'Deliveries are larger than API Gateway or Lambda takes, again and again, and are answered 413.',
      look: 'See in the access log who sends them, and to which route.',
      act: 'If it is a provider, ask it for smaller events.',
    },
    {
      ...{ id: 'refused-address', severity: 'warning', threshold: 1, seconds: MINUTE, periods: [5, 30] },
      query: { metric: own(names, LOG_METRIC.refusedAddress) },
      happened: 'The firewall or an allow list refuses deliveries (403): a provider may send from new addresses.',
      look: 'Compare the addresses in the access log with those that the provider publishes.',
      act: 'Add the new addresses to allowList and deploy.',
    },
    {
      ...{ id: 'throttled', severity: 'critical', threshold: 1, seconds: MINUTE, ...failures },
      query: config.waf.enabled
        ? {
            expression: 'FILL(api, 0) + FILL(firewall, 0)',
            of: { api: own(names, LOG_METRIC.throttled), firewall: blocked(names) },
          }
        : { metric: own(names, LOG_METRIC.throttled) },
      happened: 'Deliveries were answered 429: too many came at a time.',
      look: 'See in the access log which route and which address.',
      act: 'If it is a provider, raise throttle or waf.requestsPerAddress.',
    },
    {
      ...of(METRIC.slowAnswers, FIVE, { periods: [2, 3] }),
      ...{ id: 'slow-answers', severity: 'warning' },
      happened: "Answers of the source take half of the provider's deadline or more, or a second if it publishes none.",
      look: 'See "Acknowledgement" on the dashboard, and X-Ray for the slow call.',
      act: 'If one AWS service is slow, wait; if bodies are large, give the verifier more memory.',
    },
    {
      ...of(METRIC.secretReadFailed, FIVE, { periods: [2, 3] }),
      ...{ id: 'secret-read-failed', severity: 'warning' },
      happened:
        'The signing secret of the source cannot be read: running verifiers serve on from their cache, for a day at most.',
      look: 'Read the name of the error in the log of its verifier.',
      act: 'Restore the policy, the key or the secret that it names.',
    },
    {
      ...of(METRIC.secretRefused, FIVE),
      ...{ id: 'secret-refused', severity: 'critical' },
      happened: 'A version of the signing secret of the source is empty or a placeholder: nothing is verified with it.',
      look: 'See which version: npm run ops -- secret status <source>.',
      act: 'Store the real secret: npm run ops -- secret set <source>.',
    },
    {
      ...{ id: 'bus-dead-letters', severity: 'critical', threshold: 1, seconds: FIVE },
      query: { metric: { ...queue(names.busDeadLetters), name: 'ApproximateNumberOfMessagesVisible' } },
      happened: 'EventBridge took events and could not put them on the event bus.',
      look: "See whether the gateway's key is enabled, and its policy.",
      act: 'Enable the key or deploy, then publish the events again: npm run ops -- replay <source> --from … --to ….',
    },
    ...ofSecretAges(names),
    // Those of polls and rotations are there for any sources, so that the first that polls changes nothing but its own.
    ...[...POLL_ALARMS, ROTATION_FAILED, REOPENED],
  ];
}

/** The sum of a metric of the sources, once or more. */
const of = (name: string, seconds: number, more: Pick<AlarmRow, 'periods'> = {}) =>
  ({ query: { select: 'SUM', name, by: 'source' }, seconds, threshold: 1, ...more }) as const;

const own = ({ gateway }: GatewayNames, name: string): MetricRef => ({
  ...{ namespace: METRIC.namespace, name, dimensions: { [METRIC.dimension.gateway]: gateway }, statistic: 'Sum' },
});

const queue = (QueueName: string) =>
  ({ namespace: 'AWS/SQS', dimensions: { QueueName }, statistic: 'Maximum' }) as const;

const blocked = ({ gateway, rateRule, region }: GatewayNames): MetricRef => ({
  ...{ namespace: 'AWS/WAFV2', name: 'BlockedRequests', statistic: 'Sum' },
  dimensions: { WebACL: gateway, Rule: rateRule, Region: region },
});

function ofSecretAges({ secretAges }: GatewayNames): AlarmRow[] {
  if (secretAges === undefined) return [];
  return [
    {
      ...{ id: 'secret-age', severity: 'warning', threshold: 1, seconds: HOUR },
      query: { select: 'MAX', name: METRIC.secretAgeDays, by: 'source' },
      happened: 'The signing secret of the source is older than its secretMaxAgeDays: it is time to rotate it.',
      look: 'See its age: npm run ops -- secret status <source>.',
      act: 'Rotate it with the provider (docs/secrets.md).',
    },
    {
      ...{ id: 'secret-age-unknown', severity: 'warning', threshold: 1, seconds: HOUR },
      query: {
        metric: { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: secretAges }, statistic: 'Sum' },
      },
      happened: 'The age of the signing secrets could not be measured.',
      look: 'Read the log of SecretAges: it names the source and the error.',
      act: 'If a permission is missing, deploy.',
    },
  ];
}

const POLL_ALARMS: readonly AlarmRow[] = [
  {
    ...of(METRIC.pollFailed, FIVE),
    ...{ id: 'poll-failed', severity: 'warning' },
    happened: 'A poll for missed events of the source failed in whole or in part.',
    look: 'See its faults: npm run ops -- missed status <source>.',
    act: 'Wait for the next poll; if it goes on, correct the credentials or the options that the faults name.',
  },
  {
    ...of(METRIC.recovered, FIVE),
    ...{ id: 'events-recovered', severity: 'warning' },
    happened: 'The provider failed to deliver events to the source; the gateway fetched them by polling.',
    look: 'See in the access log whether deliveries came, and how they were answered.',
    act: 'If none came, compare npm run ops -- urls with the registered URL.',
  },
  {
    ...{ id: 'missed-event-late', severity: 'critical', threshold: LATE_SECONDS, seconds: FIVE },
    query: { select: 'MAX', name: METRIC.oldestMissedAge, by: 'source' },
    happened: 'Polling found an event of the source an hour or more after it happened.',
    look: 'See the last poll: npm run ops -- missed status <source>.',
    act: 'Tell those who depend on the event.',
  },
  {
    ...of(METRIC.missedLeft, FIVE, { periods: [6, 12] }),
    ...{ id: 'missed-events-left', severity: 'warning' },
    happened: 'Polls for the source leave events for the next poll, again and again.',
    look: 'See how many: npm run ops -- missed status <source>.',
    act: 'Poll at once: npm run ops -- missed run <source>; if it goes on, raise poll.maxEvents or poll.maxPages.',
  },
];

const ROTATION_FAILED: AlarmRow = {
  ...of(METRIC.rotationFailed, FIVE),
  ...{ id: 'rotation-failed', severity: 'warning' },
  happened: 'The signing secret of the source could not be rotated: the current one stays in force.',
  look: 'Read the reason in the log of its rotator.',
  act: 'Correct the credentials or the options that the reason names; Secrets Manager tries again.',
};

const REOPENED: AlarmRow = {
  ...of(METRIC.circuitReopened, FIVE),
  ...{ id: 'circuit-reopened', severity: 'warning' },
  happened: 'The provider may have stopped delivering to the source; it was told to go on.',
  look: 'See whether it delivers: npm run ops -- status.',
  act: 'Mend the cause of the failures before, or it stops again.',
};
