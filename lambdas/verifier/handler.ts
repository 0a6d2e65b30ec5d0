import { numberSetting, setting } from '../adapters/environment.ts';
import { lazyBodyStore } from '../adapters/lazy-body-store.ts';
import { dynamoLedger } from '../adapters/ledger.ts';
import { telemetry } from '../adapters/observer.ts';
import { sqsClient, sqsQueue } from '../adapters/queue.ts';
import { cachedSecrets } from '../adapters/secrets.ts';
import { sourceFromEnvironment } from '../adapters/source.ts';
import { responder } from './respond.ts';

const clock = (): number => Date.now();
const source = sourceFromEnvironment();
const { observer, logger, metrics } = telemetry(source.name);
const sqs = sqsClient();
const bodies = lazyBodyStore(setting('bodyBucket'));
const ports = {
  clock,
  observer,
  secrets: cachedSecrets({
    secretArn: setting('secretArn'),
    previousGraceMs: numberSetting('previousGraceSeconds', 0) * 1000,
    clock,
    observer,
  }),
  ledger: dynamoLedger({ table: setting('ledgerTable'), windowSeconds: source.windowSeconds, clock }),
  queue: sqsQueue(setting('queueUrl'), sqs, bodies),
  quarantine: sqsQueue(setting('quarantineUrl'), sqs, bodies),
};

/** Answers one delivery of one source. */
export const handler = responder(source, { logger, metrics }, ports);
