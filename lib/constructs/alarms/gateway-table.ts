import { METRIC } from '../../../lambdas/contract.ts';
import { PAUSED_LONG_HOURS } from '../../../lambdas/core/process/flow.ts';
import type { HookgateConfig } from '../../config/config.ts';
import { sumOf } from './row.ts';
import type { AlarmRow } from './row.ts';
import { scheduledAlarms } from './scheduled-table.ts';

/** Names of resources that alarms of the gateway watch. */
export interface GatewayNames {
  readonly gateway: string;
  readonly busDeadLetters?: string;
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
/** Seconds after which a message of a paused source is handed out again at the latest, and counted as one that waits. */
export const HELD_AT_MOST = 1800;

/** The alarms of the gateway: one for each kind of fault, over all sources. Each has its section in docs/runbook.md. */
export function gatewayAlarms(config: HookgateConfig, names: GatewayNames): AlarmRow[] {
  const { sources } = config;
  // As urgent as the most urgent source. A provider that stops delivering after failures is an alarm at the first minute; another one
  // tries again, so that a single minute heals by itself, and three of five are an outage.
  const isUrgent = sources.some(({ provider }) => provider.cutsOffAfterFailures);
  const failures = isUrgent ? {} : ({ periods: [3, 5] } as const);
  return [
    {
      ...sumOf(METRIC.unavailable, MINUTE, failures),
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
      ...sumOf(METRIC.conflict, FIVE),
      ...{ id: 'conflict', severity: 'warning' },
      happened: 'A known event key of the source came with another body: the second event waits in quarantine.',
      look: 'Compare the two: npm run ops -- quarantine list <source>.',
      act: 'Release it if it is a second event or a correction, else drop it.',
    },
    {
      ...sumOf(METRIC.quarantined, FIVE),
      ...{ id: 'quarantine', severity: 'warning' },
      happened: 'Authentic events of the source wait in quarantine for a decision.',
      look: 'See the reasons: npm run ops -- quarantine list <source>.',
      act: 'Release or drop each by its reason.',
    },
    {
      ...sumOf(METRIC.failed, FIVE, { periods: [3, 12] }),
      ...{ id: 'failing', severity: 'warning' },
      happened: 'Events of the source keep failing, and are tried again.',
      look: 'See the reasons in the log of its processor.',
      act: 'If what the handler needs is down, wait until it is back; else correct the handler.',
    },
    {
      ...sumOf(METRIC.paused, HELD_AT_MOST),
      ...{ id: 'paused', severity: 'warning' },
      happened: 'Events of the source wait: most tries failed, or an operator has paused it. Deliveries are accepted.',
      look: 'See why: npm run ops -- status.',
      act: 'Mend what the handler calls; a source that an operator has paused goes on with npm run ops -- resume <source>.',
    },
    {
      ...sumOf(METRIC.pausedLong, HELD_AT_MOST),
      ...{ id: 'paused-long', severity: 'critical' },
      happened: `Events of the source have waited for ${PAUSED_LONG_HOURS} hours, because the source is paused or what is behind it is down.`,
      look: 'See why: npm run ops -- status.',
      act: 'Mend what the handler calls, or npm run ops -- resume <source>.',
    },
    {
      ...sumOf(METRIC.bodyTooLarge, FIVE, { periods: [3, 12] }),
      ...{ id: 'body-too-large', severity: 'warning' },
      happened: 'Deliveries to the source are larger than maxBodyBytes, again and again, and are answered 413.',
      look: 'See in the access log who sends them.',
      act: 'If it is the provider, raise maxBodyBytes.',
    },
    {
      ...{ id: 'api-body-too-large', severity: 'warning', threshold: 1, seconds: FIVE, periods: [3, 12] },
      query: { select: 'SUM', name: LOG_METRIC.bodyTooLarge },
      happened: 'Deliveries are larger than API Gateway or Lambda takes, again and again, and are answered 413.',
      look: 'See in the access log who sends them, and to which route.',
      act: 'If it is a provider, ask it for smaller events.',
    },
    {
      ...{ id: 'refused-address', severity: 'warning', threshold: 1, seconds: MINUTE, periods: [5, 30] },
      query: { select: 'SUM', name: LOG_METRIC.refusedAddress },
      happened: 'The firewall or an allow list refuses deliveries (403): a provider may send from new addresses.',
      look: 'Compare the addresses in the access log with those that the provider publishes.',
      act: 'Add the new addresses to allowList and deploy.',
    },
    {
      ...{ id: 'throttled', severity: 'critical', threshold: 1, seconds: MINUTE, ...failures },
      query: { select: 'SUM', name: LOG_METRIC.throttled },
      happened: 'Deliveries were answered 429: too many came at a time.',
      look: 'See in the access log which route and which address.',
      act: 'If it is a provider, raise throttle.',
    },
    ...(config.waf.enabled ? [addressLimited(names)] : []),
    {
      ...{ id: 'signature-mismatch', severity: 'warning', threshold: 1, seconds: FIVE, periods: [3, 12] },
      query: { select: 'SUM', name: METRIC.rejected, by: 'source', reason: 'signature_mismatch' },
      happened: 'Deliveries to the source have a signature that does not match, again and again.',
      look: 'See which secrets match, and whether one has matched yet: npm run ops -- secret status <source>.',
      act: 'If none has, store the secret that the provider signs with: npm run ops -- secret set <source>.',
    },
    {
      ...sumOf(METRIC.slowAnswers, FIVE, { periods: [2, 3] }),
      ...{ id: 'slow-answers', severity: 'warning' },
      happened: "Answers of the source take half of the provider's deadline or more, or a second if it publishes none.",
      look: 'See "Acknowledgement" on the dashboard, and X-Ray for the slow call.',
      act: 'If one AWS service is slow, wait; if bodies are large, give the verifier more memory.',
    },
    {
      ...sumOf(METRIC.secretReadFailed, FIVE, { periods: [2, 3] }),
      ...{ id: 'secret-read-failed', severity: 'warning' },
      happened:
        'The signing secret of the source cannot be read: running verifiers serve on from their cache, for a day at most.',
      look: 'Read the name of the error in the log of its verifier.',
      act: 'Restore the policy, the key or the secret that it names.',
    },
    {
      ...sumOf(METRIC.secretRefused, FIVE),
      ...{ id: 'secret-refused', severity: 'critical' },
      happened: 'A version of the signing secret of the source is empty or a placeholder: nothing is verified with it.',
      look: 'See which version: npm run ops -- secret status <source>.',
      act: 'Store the real secret: npm run ops -- secret set <source>.',
    },
    {
      ...sumOf(METRIC.secretMissing, FIVE, { periods: [3, 12] }),
      ...{ id: 'secret-missing', severity: 'warning' },
      happened: 'Deliveries come to the source, and nobody has stored its signing secret: they are answered 503.',
      look: 'See what is stored: npm run ops -- secret status <source>.',
      act: 'Store the secret of the provider: npm run ops -- secret set <source>.',
    },
    ...(names.busDeadLetters === undefined ? [] : [busDeadLetters(names.busDeadLetters)]),
    ...scheduledAlarms(names.secretAges),
  ];
}

/** A warning: whoever sends many requests from one address is blocked alone, and a stranger must page nobody. */
const addressLimited = (names: GatewayNames): AlarmRow => ({
  ...{ id: 'address-limited', severity: 'warning', threshold: 1, seconds: MINUTE, periods: [5, 30] },
  query: { select: 'SUM', name: 'BlockedRequests', from: rateRuleOf(names) },
  happened: 'One address sends more than waf.requestsPerAddress, and the firewall answers it 429.',
  look: "See the address in the firewall's log, and compare it with those that the provider publishes.",
  act: 'If it is a provider, raise waf.requestsPerAddress or give its source an allowList.',
});

/**
 * Of the gateway's own bus: a customer's bus is watched by the customer. SQS counts nothing of a queue that has been empty
 * for six hours (https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/monitoring-using-cloudwatch.html).
 */
const busDeadLetters = (name: string): AlarmRow => ({
  ...{ id: 'bus-dead-letters', severity: 'critical', threshold: 1, seconds: FIVE },
  query: {
    select: 'MAX',
    name: 'ApproximateNumberOfMessagesVisible',
    from: { namespace: 'AWS/SQS', dimensions: ['QueueName'], where: { QueueName: name } },
  },
  happened: 'EventBridge took events and could not put them on the event bus.',
  look: "See whether the gateway's key is enabled, and its policy.",
  act: 'Enable the key or deploy, then publish the events again: npm run ops -- replay <source> --from … --to ….',
});

const rateRuleOf = ({ gateway, rateRule }: GatewayNames) => ({
  namespace: 'AWS/WAFV2',
  dimensions: ['Region', 'Rule', 'WebACL'],
  where: { Rule: rateRule, WebACL: gateway },
});
