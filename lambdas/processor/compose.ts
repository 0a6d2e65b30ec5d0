import { makeHandler } from '#handler';
import { s3Archive } from '../adapters/archive.ts';
import { STORE_BOUNDS } from '../adapters/clients.ts';
import { numberSetting, optionalSetting, setting } from '../adapters/environment.ts';
import { dynamoLedger } from '../adapters/ledger.ts';
import { telemetry } from '../adapters/observer.ts';
import { sqsClient } from '../adapters/queue.ts';
import { sqsRetries } from '../adapters/retries.ts';
import { s3Objects } from '../adapters/s3.ts';
import { archivePlace } from '../core/archive.ts';
import type { ProcessPorts } from '../core/process/process.ts';
import type { SplitPorts } from '../core/process/split.ts';
import type { RetryPolicy } from '../core/process/retry.ts';
import { bodies } from './bodies.ts';

const clock = (): number => Date.now();
const source = setting('source');
const { observer, ...signals } = telemetry(source);
export const { logger, metrics } = signals;

const ports = {
  clock,
  observer,
  bodies,
  archive: s3Archive(s3Objects(setting('archiveBucket'), STORE_BOUNDS)),
  random: () => Math.random(),
  retry: JSON.parse(setting('retry')) as RetryPolicy,
  leaseMs: numberSetting('leaseSeconds') * 1000,
  ledger: dynamoLedger({ table: setting('ledgerTable'), windowSeconds: numberSetting('windowSeconds'), clock }),
};

const sqs = sqsClient();
const queues = { queueUrl: setting('queueUrl'), deadLettersUrl: setting('deadLettersUrl') };

const quarantineUrl = optionalSetting('quarantineUrl');
const splitting =
  quarantineUrl === undefined
    ? undefined
    : import('#split').then(({ splitQueues }) => splitQueues({ queueUrl: queues.queueUrl, quarantineUrl, bodies }));

/** The ports for telling the events of deliveries apart; undefined if each of the provider's deliveries carries one. */
export async function splitPortsOf(requestId: string): Promise<SplitPorts | undefined> {
  if (!splitting) return undefined;
  const archivedIn = archivePlace(source, clock(), `${requestId}-deliveries`);
  return { ...ports, ...(await splitting), archivedIn };
}

/**
 * The ports of one invocation: `requestId` names it, `remainingMs` says how many milliseconds it has left, `receipts` are its
 * messages' receipt handles by message id.
 */
export const portsOf = (
  requestId: string,
  remainingMs: () => number,
  receipts: ReadonlyMap<string, string>,
): ProcessPorts => ({
  ...ports,
  owner: requestId,
  retries: sqsRetries(sqs, queues, receipts),
  archivedIn: archivePlace(source, clock(), requestId),
  handle: makeHandler(remainingMs),
});
