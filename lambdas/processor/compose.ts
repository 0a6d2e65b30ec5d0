import { makeHandler } from '#handler';
import { setTimeout as sleep } from 'node:timers/promises';
import { s3Archive } from '../adapters/archive.ts';
import { dynamoBreaker } from '../adapters/breaker.ts';
import { STORE_BOUNDS } from '../adapters/clients.ts';
import { numberSetting, optionalSetting, setting } from '../adapters/environment.ts';
import { dynamoLedger } from '../adapters/ledger.ts';
import { telemetry } from '../adapters/observer.ts';
import { orderingFromEnvironment } from '../adapters/ordering.ts';
import { s3Objects } from '../adapters/s3.ts';
import { archivePlace } from '../core/archive.ts';
import { errorName } from '../core/errors.ts';
import type { Event } from '../core/event.ts';
import { fanOut } from '../core/process/fan-out.ts';
import type { FanOutTarget } from '../core/process/fan-out.ts';
import type { Retries } from '../core/process/failures.ts';
import type { GuardedPorts } from '../core/process/guarded.ts';
import { repair } from '../core/process/repair.ts';
import type { DeadLetters } from '../core/process/repair.ts';
import type { RetryPolicy } from '../core/process/retry.ts';
import type { ProcessingSettings } from '../core/process/settings.ts';
import type { SplitPorts } from '../core/process/split.ts';
import { Tally } from '../core/process/tally.ts';
import { bodies } from './bodies.ts';
import type { Queues, TargetSettings } from './queues.ts';

const clock = (): number => Date.now();
const source = setting('source');
const { observer, ...signals } = telemetry(source);
export const { logger, metrics } = signals;

const urls = { queueUrl: setting('queueUrl'), deadLettersUrl: setting('deadLettersUrl') };
let opened: Promise<Queues> | undefined;
const queues = (): Promise<Queues> => (opened ??= import('#queues').then(({ openQueues }) => openQueues(urls)));

const quarantineUrl = optionalSetting('quarantineUrl');
// A provider whose deliveries carry several events needs them in every invocation.
if (quarantineUrl !== undefined) void queues();

const processing = JSON.parse(setting('processing')) as ProcessingSettings;
const table = setting('ledgerTable');
const ledgerSettings = { table, windowSeconds: numberSetting('windowSeconds'), clock };

const ports = {
  clock,
  observer,
  bodies,
  archive: s3Archive(s3Objects(setting('archiveBucket'), STORE_BOUNDS)),
  random: () => Math.random(),
  sleep,
  retry: JSON.parse(setting('retry')) as RetryPolicy,
  pace: processing,
  breaks: processing.breaker,
  tally: new Tally(),
  breaker: dynamoBreaker({ table, source, clock }),
  leaseMs: numberSetting('leaseSeconds') * 1000,
  ledger: dynamoLedger(ledgerSettings),
  order: orderingFromEnvironment(ledgerSettings),
};

/** One invocation of the processor. */
export interface Invocation {
  readonly requestId: string;
  /** Milliseconds that it has left. */
  readonly remainingMs: () => number;
  /** The receipt handles of its messages by message id. */
  readonly receipts: ReadonlyMap<string, string>;
}

/** The ports for telling the events of deliveries apart; undefined if each of the provider's deliveries carries one. */
export async function splitPortsOf({ requestId, receipts }: Invocation): Promise<SplitPorts | undefined> {
  if (quarantineUrl === undefined) return undefined;
  const archivedIn = archivePlace(source, clock(), `${requestId}-deliveries`);
  return { ...ports, ...(await queues()).split(quarantineUrl, bodies), retries: retriesOf(receipts), archivedIn };
}

export const portsOf = ({ requestId, remainingMs, receipts }: Invocation): GuardedPorts => ({
  ...ports,
  patienceMs: remainingMs() * PATIENCE_SHARE,
  owner: requestId,
  retries: retriesOf(receipts),
  archivedIn: archivePlace(source, clock(), requestId),
  handle: makeHandler(remainingMs),
  handOver,
});

const targetSettings = optionalSetting('targets');
let targets: readonly FanOutTarget[] | undefined;

async function toTargets(event: Event): Promise<void> {
  targets ??= (await queues()).targets(JSON.parse(targetSettings ?? '[]') as TargetSettings[], bodies);
  await fanOut(event, { ...ports, targets });
}

const handOver = targetSettings === undefined ? undefined : toTargets;

/** Has dead letters of an outage that is over go back; a failure is mended by the next invocation's look. */
export async function repairDeadLetters({ remainingMs }: Invocation): Promise<void> {
  if (!processing.selfRepair) return;
  const deadLetters: DeadLetters = {
    take: async () => (await queues()).deadLetters.take(),
    giveBack: async (letters) => (await queues()).deadLetters.giveBack(letters),
    putBack: async (letter, seconds) => (await queues()).deadLetters.putBack(letter, seconds),
  };
  const hasTime = (): boolean => remainingMs() > LOOK_MS;
  await repair({ ...ports, deadLetters, hasTime }).catch((error: unknown) => observer.retryFailed(errorName(error)));
}

/** Milliseconds that a look into the dead-letter queue can take: a function must not be ended in it for want of time. */
const LOOK_MS = 2_500;

/** Of an invocation's time, what it may wait for the source's pace: the rest is the handler's. */
const PATIENCE_SHARE = 0.25;

const retriesOf = (receipts: ReadonlyMap<string, string>): Retries => ({
  delay: async (delays) => (await queues()).retries(receipts).delay(delays),
  callBack: async (receipt) => (await queues()).retries(receipts).callBack(receipt),
  giveUp: async (text, reason, wasRepaired) => (await queues()).retries(receipts).giveUp(text, reason, wasRepaired),
});
