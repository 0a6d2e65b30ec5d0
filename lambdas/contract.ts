/**
 * Names that the infrastructure (lib/) and the functions (lambdas/) share. Each is here once, so that a template and the code
 * that it deploys cannot disagree.
 */

/** Environment variables that the stack sets on the functions. */
export const ENV = {
  /** Name of the gateway and its stage: `hookgate-dev`. */
  gateway: 'HOOKGATE_GATEWAY',
  source: 'HOOKGATE_SOURCE',
  provider: 'HOOKGATE_PROVIDER',
  /** JSON object: the provider's options, already validated and with their defaults. */
  options: 'HOOKGATE_OPTIONS',
  /** Whole seconds for which the ledger remembers an event. */
  windowSeconds: 'HOOKGATE_WINDOW_SECONDS',
  /** Bytes of the largest accepted body. */
  maxBodyBytes: 'HOOKGATE_MAX_BODY_BYTES',
  /** ARN of the secret that holds the source's signing secret. */
  secretArn: 'HOOKGATE_SECRET_ARN',
  /** Whole seconds for which the previous version of the secret is accepted, counted from the making of the current one. */
  previousGraceSeconds: 'HOOKGATE_PREVIOUS_GRACE_SECONDS',
  /** Read by no code: when it changes, Lambda uses new containers. */
  containersSince: 'HOOKGATE_CONTAINERS_SINCE',
  ledgerTable: 'HOOKGATE_LEDGER_TABLE',
  queueUrl: 'HOOKGATE_QUEUE_URL',
  quarantineUrl: 'HOOKGATE_QUARANTINE_URL',
  deadLettersUrl: 'HOOKGATE_DEAD_LETTERS_URL',
  /** JSON object: the source's retry policy, as core/process/retry.ts has it. */
  retry: 'HOOKGATE_RETRY',
  /** JSON object: what bounds a source's processing, as core/process/settings.ts has it. */
  processing: 'HOOKGATE_PROCESSING',
  /** JSON object: how the source's events are ordered. Only on the functions of an ordered source. */
  order: 'HOOKGATE_ORDER',
  busName: 'HOOKGATE_BUS_NAME',
  /** JSON list of a source's targets: name, queue and types of each. Only on the processor of a source that has some. */
  targets: 'HOOKGATE_TARGETS',
  /** ARN or URL of a target, and whole seconds for one try. Only on a target's processor. */
  target: 'HOOKGATE_TARGET',
  targetTimeoutSeconds: 'HOOKGATE_TARGET_TIMEOUT_SECONDS',
  /** The bucket of the bodies that are too large for a queue message, and the one of the archive. */
  bodyBucket: 'HOOKGATE_BODY_BUCKET',
  archiveBucket: 'HOOKGATE_ARCHIVE_BUCKET',
  /** Whole seconds for which a processor holds an event; longer than the function's time-out. */
  leaseSeconds: 'HOOKGATE_LEASE_SECONDS',
  /** ARN of the secret that holds the source's credentials for the provider's API. */
  credentialsArn: 'HOOKGATE_CREDENTIALS_ARN',
  /** The most events that a poll handles, and the most pages that it reads. */
  pollMaxEvents: 'HOOKGATE_POLL_MAX_EVENTS',
  pollMaxPages: 'HOOKGATE_POLL_MAX_PAGES',
  /** The source's URL as its provider is to have it: only on a poller that keeps registrations alive. */
  url: 'HOOKGATE_URL',
  /** On one machine only: the public key, in PEM, that stands in for those that the source's provider publishes. */
  localKey: 'HOOKGATE_LOCAL_KEY',
} as const;

/** Bytes of the longest queue message, its text in UTF-8: what SQS takes at most. */
export const MAX_MESSAGE_BYTES = 1024 * 1024;

/** Attributes of a message in a dead-letter queue; SQS's own moves add none. */
export const DEAD_LETTER = {
  /** Why the last try failed. */
  reason: 'reason',
  /** Set once it has gone back to its queue by itself; its message keeps it there. */
  repaired: 'repaired',
} as const;

/** Attributes of a ledger item. */
export const LEDGER = { partitionKey: 'pk', ttl: 'expiresAt' } as const;

/** Each is a query of whoever lists events, so that more of them make every look at the list slower. */
export const LIST_SHARDS = 8;

/**
 * The ledger's index that lists events, newest first. It holds keys alone, and both of its own are written once: an event costs
 * one write more, and no change of its status another. A source is spread over shards, because a partition takes some 1,000
 * writes a second, and an index that is throttled throttles its table. No function may read it: operators do.
 */
export const LEDGER_LIST = {
  index: 'newest',
  partitionKey: 'listShard',
  sortKey: 'listedAt',
  /** The shard of a source that an event is in, by the hex digest of its key. */
  shardOf: (source: string, digest: string): string => shardNamed(source, parseInt(digest.slice(0, 1), 16)),
  /** All shards of a source. */
  shardsOf: (source: string): string[] => Array.from({ length: LIST_SHARDS }, (_, shard) => shardNamed(source, shard)),
  /** The place in the list: first the time of receipt, ISO 8601; the digest tells events of one millisecond apart. */
  place: (receivedAt: string, digest: string): string => `${receivedAt}#${digest}`,
} as const;

const shardNamed = (source: string, shard: number): string => `${source}#${shard % LIST_SHARDS}`;

/**
 * The partition keys of the ledger's items. The first part says what an item is, the second whose it is, and neither holds a
 * `#`: with `*` in the place of the last part each is a pattern for `dynamodb:LeadingKeys`, which lets a function have one
 * source's items alone. `key` is an event key as core/event-key.ts encodes it.
 */
export const LEDGER_KEY = {
  event: (source: string, key: string): string => `event#${source}#${key}`,
  /** The key under which a body first came, for events whose id is not signed. */
  body: (source: string, bodyHash: string): string => `body#${source}#${bodyHash}`,
  /** Which event stands for what a provider both delivers and lists. */
  alias: (source: string, reconcileKey: string): string => `alias#${source}#${reconcileKey}`,
  /** How the tries of the source go, and what an operator has ordered. */
  breaker: (source: string): string => `breaker#${source}`,
  /** The events of one order key that wait, by the hash of that key. */
  line: (source: string, line: string): string => `line#${source}#${line}`,
  /** The latest notes of the source's Subscriptions at its provider. */
  subscriptions: (source: string): string => `subscriptions#${source}`,
  /** How far the poller has read. */
  cursor: (source: string): string => `cursor#${source}`,
  /** The head of the operators' record: no function's pattern matches it. */
  recordHead: (): string => 'record-head',
} as const;

/** The source and the encoded event key of an event's item; undefined for the partition key of any other item. */
export function parseEventItemKey(text: string): { readonly source: string; readonly key: string } | undefined {
  const [, source, key] = /^event#([^#]+)#(.+)$/s.exec(text) ?? [];
  return source === undefined || key === undefined ? undefined : { source, key };
}

/** CloudWatch metrics. Every metric has the dimension `source`; `rejected` and `quarantined` also come by `reason`. */
export const METRIC = {
  namespace: 'Hookgate',
  /** The service's name for Powertools, in every log line. */
  service: 'hookgate',
  /** Every metric has the gateway (Powertools' dimension `service`): all gateways of an account share one namespace. */
  dimension: {
    ...{ gateway: 'service', source: 'source', reason: 'reason', secretVersion: 'secretVersion' },
    /** Of a notification that says something of its Subscription. */
    type: 'type',
    /** Of what is counted in the access log. */
    route: 'route',
    /** The published version of the function that counts, if it is called by its alias. */
    version: 'version',
  },
  received: 'Received',
  accepted: 'Accepted',
  duplicate: 'Duplicate',
  conflict: 'Conflict',
  rejected: 'Rejected',
  quarantined: 'Quarantined',
  unavailable: 'Unavailable',
  processed: 'Processed',
  failed: 'Failed',
  /** Events tried, or deliveries verified, by a published version of a function; by `version` alone. */
  tried: 'Tried',
  dropped: 'Dropped',
  /** Messages that came back without a try because an operator has paused their source, or its breaker is open. */
  paused: 'Paused',
  /** The same, of a source that has waited for so long that somebody must look at any hour. */
  pausedLong: 'PausedLong',
  /** Messages that came back because another invocation held their event. */
  busy: 'Busy',
  /** Messages that came back because other events of their order key are before them. */
  waiting: 'Waiting',
  verifiedWith: 'VerifiedWith',
  secretReadFailed: 'SecretReadFailed',
  secretRefused: 'SecretRefused',
  /** Deliveries that came before anybody has stored the signing secret of their source. */
  secretMissing: 'SecretMissing',
  /** Deliveries larger than maxBodyBytes; they are among the rejected ones too. */
  bodyTooLarge: 'BodyTooLarge',
  /** Acknowledgements that took half of the provider's deadline or more. */
  slowAnswers: 'SlowAnswers',
  /** Days since the current version of a secret was made, of a secret that is too old. */
  secretAgeDays: 'SecretAgeDays',
  /** A step of a rotation that failed. */
  rotationFailed: 'RotationFailed',
  /** Milliseconds from receipt to the answer, of a delivery that brought something new. */
  acknowledgeTime: 'AcknowledgeTime',
  /** Milliseconds from receipt to the end of the processing. */
  processTime: 'ProcessTime',
  /** Processed events that the provider had failed to deliver. */
  recovered: 'Recovered',
  pollSucceeded: 'PollSucceeded',
  /** Polls that failed in whole or in part; also by reason. */
  pollFailed: 'PollFailed',
  /** Polls that called nobody, because nobody has stored the credentials of the provider's API yet. */
  pollWaits: 'PollWaits',
  missedListed: 'MissedEventsListed',
  missedKnown: 'MissedEventsKnown',
  missedAcknowledged: 'MissedEventsAcknowledged',
  /** Entries of a provider's list that are not as documented; also by reason. */
  missedMalformed: 'MissedEventsMalformed',
  /** Listed events that wait for the next poll; 1 if it is not known how many. */
  missedLeft: 'MissedEventsLeft',
  /** Seconds since the oldest event happened that a poll fetched; 0 if it fetched none. */
  oldestMissedAge: 'OldestMissedEventAge',
  circuitReopened: 'CircuitReopened',
  /** Notifications of a Subscription, by type: handshakes and heartbeats too. */
  notified: 'Notified',
  /** Notifications and polls by which a provider says that a Subscription is in error, or off. */
  subscriptionFailing: 'SubscriptionFailing',
  /** Days until the first of a source's registrations with its provider ends; of none that does not end by itself. */
  registrationDaysLeft: 'RegistrationDaysLeft',
  /** Numbered events that are missing and that the provider does not give; counted once. */
  gapFound: 'GapFound',
  /** Numbered events that are no longer waited for. */
  writtenOff: 'WrittenOff',
} as const;

/** Messages of log lines that something reads. */
export const LOG = { rejected: 'delivery rejected' } as const;

/** EventBridge `source` of what a source's default handler publishes. */
export const busSource = (source: string): string => `hookgate.${source}`;

/** Path of a source's route, below the API's stage. */
export const webhookPath = (source: string): string => `/webhooks/${source}`;
