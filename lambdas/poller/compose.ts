import { randomUUID } from 'node:crypto';
import { credentialsSecret } from '../adapters/credentials.ts';
import { dynamoCursor } from '../adapters/cursor.ts';
import { isOneMachine, numberSetting, optionalSetting, setting } from '../adapters/environment.ts';
import { httpClient } from '../adapters/http.ts';
import { lazyBodyStore } from '../adapters/lazy-body-store.ts';
import { dynamoLedger } from '../adapters/ledger.ts';
import { telemetry } from '../adapters/observer.ts';
import { orderingFromEnvironment } from '../adapters/ordering.ts';
import { safeEvents } from '../adapters/safe-events.ts';
import { pollObserver } from '../adapters/poll-observer.ts';
import { registeredSecret } from '../adapters/registered-secret.ts';
import { sqsClient, sqsQueue } from '../adapters/queue.ts';
import { sourceFromEnvironment } from '../adapters/source.ts';
import { readNotes } from '../adapters/subscription-notes.ts';
import { callsTo } from '../core/http/authorized.ts';
import type { PollBounds } from '../core/poll/run.ts';

/** Bounds of a call to a provider's API. A list after a long outage is long; the function's memory is sized for it. */
const HTTP_BOUNDS = { timeoutMs: 8_000, totalMs: 20_000, retries: 3, maxBytes: 32 * 1024 * 1024 };

const clock = (): number => Date.now();

export const source = sourceFromEnvironment();
const { observer, ...signals } = telemetry(source.name);
export const { logger, metrics } = signals;
const table = setting('ledgerTable');
const ledgerSettings = { table, windowSeconds: source.windowSeconds, clock };
const sqs = sqsClient();
const bodies = lazyBodyStore(setting('bodyBucket'));

const credentials = credentialsSecret(setting('credentialsArn'));

export const cursor = dynamoCursor({ table, source: source.name, clock });

/** Calls of the provider's API, each of them tried so often. The token is kept as long as this container. */
const callsWith = (retries: number) =>
  callsTo(source.provider.api, source.options, {
    ...{ clock, credentials, uniqueId: () => randomUUID() },
    http: httpClient({ ...HTTP_BOUNDS, retries, allowLoopback: isOneMachine() }),
  });

const url = optionalSetting('url');
const { publicUrl } = source.options;
/** A call that makes a registration makes another one if it is repeated. */
const upkeep =
  url === undefined
    ? undefined
    : {
        urls: [url, ...(typeof publicUrl === 'string' ? [publicUrl] : [])] as const,
        http: callsWith(0),
        ...registeredSecret(optionalSetting('secretArn')),
      };

export const ports = {
  clock,
  observer,
  cursor,
  pollObserver: pollObserver(signals),
  http: callsWith(HTTP_BOUNDS.retries),
  upkeep,
  isSafe: safeEvents(table),
  heard: () => readNotes(table, source.name),
  deployedAt: () => credentials.createdAt(),
  ledger: dynamoLedger(ledgerSettings),
  order: orderingFromEnvironment(ledgerSettings),
  queue: sqsQueue(setting('queueUrl'), sqs, bodies),
  quarantine: sqsQueue(setting('quarantineUrl'), sqs, bodies),
};

export const bounds: PollBounds = {
  maxEvents: numberSetting('pollMaxEvents'),
  maxPages: numberSetting('pollMaxPages'),
  reserveMs: HTTP_BOUNDS.totalMs + 5_000,
  leaseMarginMs: 1_000,
};
