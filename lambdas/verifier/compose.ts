import { numberSetting, setting } from '../adapters/environment.ts';
import { lazyBodyStore } from '../adapters/lazy-body-store.ts';
import { dynamoLedger } from '../adapters/ledger.ts';
import { telemetry } from '../adapters/observer.ts';
import { orderingFromEnvironment } from '../adapters/ordering.ts';
import { sqsClient, sqsQueue } from '../adapters/queue.ts';
import { cachedSecrets } from '../adapters/secrets.ts';
import { sourceFromEnvironment } from '../adapters/source.ts';
import { dynamoNotes } from '../adapters/subscription-notes.ts';
import type { Keys } from '../core/key-request.ts';
import { slowAnswerMs } from '../core/provider.ts';
import { secretShapeFlaw } from '../core/provider-secret.ts';
import type { ReceivePorts } from '../core/receive/receive.ts';

const clock = (): number => Date.now();
export const source = sourceFromEnvironment();
const { observer, ...signals } = telemetry(source.name, setting('gateway'), slowAnswerMs(source.provider));
export const { logger, metrics } = signals;
const sqs = sqsClient();
const bodies = lazyBodyStore(setting('bodyBucket'));
let keys: Promise<Keys> | undefined;
const ledgerSettings = { table: setting('ledgerTable'), windowSeconds: source.windowSeconds, clock };
const openKeys = (): Promise<Keys> => (keys ??= import('#published-keys').then(({ publishedKeys }) => publishedKeys()));

export const ports: ReceivePorts = {
  clock,
  observer,
  secrets: cachedSecrets({
    secretArn: setting('secretArn'),
    previousGraceMs: numberSetting('previousGraceSeconds', 0) * 1000,
    clock,
    observer,
    isWellShaped: (value) => secretShapeFlaw(source.provider, source.options, value) === undefined,
  }),
  keys: { get: async (request) => (await openKeys()).get(request) },
  ledger: dynamoLedger(ledgerSettings),
  order: orderingFromEnvironment(ledgerSettings),
  queue: sqsQueue(setting('queueUrl'), sqs, bodies),
  quarantine: sqsQueue(setting('quarantineUrl'), sqs, bodies),
  notes: dynamoNotes(ledgerSettings.table, source.name),
};
