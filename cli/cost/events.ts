import { MAX_MESSAGE_BYTES } from '../../lambdas/contract.ts';
import type { HookgateConfig, SourceConfig } from '../../lib/config/config.ts';
import type { PriceName } from './prices.ts';

/** So much of something that has a price. */
export interface Use {
  readonly component: string;
  readonly price: PriceName;
  readonly quantity: number;
  /** How the quantity comes about. */
  readonly because: string;
}

/** The number, the size and the kinds of the events. */
export interface Traffic {
  /** Events that are new. */
  readonly events: number;
  /** Deliveries that repeat an event, for each new one. */
  readonly duplicates: number;
  /** Deliveries that are refused, for each new event. */
  readonly rejected: number;
  /** KB of a body. */
  readonly kb: number;
  /** Events that a processor gets at a time: 1 if they come singly, 10 at most. */
  readonly batch: number;
  /** Targets to which each event is handed over, on average; 0 if absent. */
  readonly targets?: number;
  /** The part of the events that are published to the bus; 1 if absent. */
  readonly published?: number;
  /** Whether there is a firewall; true if absent. */
  readonly firewall?: boolean;
  /** The part of the sources whose new versions come into force gradually; 0 if absent. */
  readonly gradual?: number;
  /** Days for which the archive keeps an event, log lines are kept, and the ledger remembers. */
  readonly days: { readonly archive: number; readonly logs: number; readonly ledger: number };
}

/** The figures that are estimated and not counted, all of them here. A deployment's own metrics say it better. */
export const ESTIMATES = {
  /** Seconds that a warm verifier, of 1 GB, takes for a new event, a duplicate, and a refusal. */
  verifierSeconds: { accepted: 0.03, duplicate: 0.015, rejected: 0.005 },
  /** Seconds that a warm processor, of 1 GB, takes for a batch, and for each event of it. */
  processorSeconds: { batch: 0.04, event: 0.02 },
  /** Seconds that a receiver at a URL takes for a request when it is well; the call of an AWS service is in the 0.02 of an event. */
  receiverSeconds: 0.2,
  /** Seconds that a function runs which a schedule calls: a poll asks the provider's API for a list. */
  scheduledSeconds: 1,
  /**
   * Bytes of log for one invocation, of a verifier or a processor: its metrics, and the 26 bytes that CloudWatch adds to a line. Of a
   * line of the access log, the same; of an answer.
   */
  logBytes: { invocation: 550, access: 400, answer: 400 },
  /** The part of a log that is left when CloudWatch has compressed it; the same of a body in the archive. */
  compressed: { log: 0.15, body: 0.3 },
  /**
   * KB of an event in the ledger, and of its place in the index: what the adapters write of a provider's sample, and the 100 bytes
   * that DynamoDB adds to each.
   */
  ledgerKb: { item: 0.7, place: 0.22 },
  /** The part of the requests that X-Ray records: lib/constructs/trace-sampling.ts. */
  traced: 0.01,
} as const;

/** GB of memory, as the stack gives it. */
export const MEMORY_GB = { verifier: 1, processor: 1 } as const;
/** KB for which a queue and a bus charge as for one. */
const CHUNK_KB = 64;
/** KB of the largest message and of the largest event on the bus; what is larger travels by reference. */
const MESSAGE_KB = MAX_MESSAGE_BYTES / 1024;
const BUS_KB = 256;
const KB_OF_GB = 1024 * 1024;
const DAYS_OF_MONTH = 30;

/** Events a second of a month with a million of them. */
const PER_SECOND = 0.4;

/** The events that a processor gets at a time if they come at that rate: the first of them waits for the others. */
export const usualBatch = (processor: { readonly batchSize: number; readonly batchingWindowSeconds: number }): number =>
  Math.min(processor.batchSize, 1 + PER_SECOND * processor.batchingWindowSeconds);

/** The days for which a gateway keeps what it has of an event: the ledger's are the mean of its sources'. */
export function daysKept({ archive, retention, sources }: Kept): Traffic['days'] {
  const ledger =
    sources.reduce((sum, { windowSeconds }) => sum + windowSeconds / 86_400, 0) / Math.max(1, sources.length);
  return { archive: archive.retentionDays, logs: retention.logDays, ledger };
}

type Kept = Pick<HookgateConfig, 'archive' | 'retention'> & {
  readonly sources: readonly Pick<SourceConfig, 'windowSeconds'>[];
};

/**
 * The use that handing events over makes of AWS, by component: each target queues, processes and archives an event as a source does,
 * and has no deliveries. The price of the target's own service is not in it.
 */
function usesOfTargets({ events, targets = 0, kb, days }: Traffic): Use[] {
  const handed = events * targets;
  if (handed === 0) return [];
  const { processorSeconds, logBytes, compressed, ledgerKb } = ESTIMATES;
  const byReference = kb > MESSAGE_KB ? 1 : 0;
  const chunks = byReference ? 1 : Math.ceil(kb / CHUNK_KB);
  const logGb = (handed * logBytes.invocation) / 1024 ** 3;
  const use = (component: string, price: PriceName, quantity: number, because: string): Use => ({
    ...{ component, price, quantity, because: `targets: ${because}` },
  });
  // A target waits for no others: an event is a batch of its own.
  return [
    use('Lambda', 'lambdaRequest', handed, 'every event'),
    use(
      'Lambda',
      'lambdaGbSecond',
      handed * (processorSeconds.batch + processorSeconds.event) * MEMORY_GB.processor,
      'processors',
    ),
    use('DynamoDB', 'tableWrite', handed * 5, 'claim, its place in the list, mark, lease, mark'),
    use(
      'DynamoDB',
      'tableGbMonth',
      monthly(handed, ledgerKb.item + ledgerKb.place, days.ledger),
      'the ledger, until it forgets',
    ),
    use('DynamoDB', 'tableRecoveryGbMonth', monthly(handed, ledgerKb.item, days.ledger), 'its point-in-time recovery'),
    use('SQS', 'queueRequest', handed * (chunks + 2), 'send, receive, delete'),
    use('S3', 'bucketPut', handed * (1 + byReference), 'an object per event; a body that travels by reference'),
    use('S3', 'bucketGbMonth', monthly(handed, kb * compressed.body, days.archive), 'the archive'),
    use('CloudWatch', 'logGb', logGb, 'log lines and metrics'),
    use('CloudWatch', 'logGbMonth', (logGb * compressed.log * days.logs) / DAYS_OF_MONTH, 'log lines, while kept'),
  ];
}

/** The use that the events of a traffic make of AWS, by component. */
export function usesOf(traffic: Traffic): Use[] {
  const { events, duplicates, rejected, kb, batch, days, published = 1, firewall = true } = traffic;
  const { verifierSeconds, processorSeconds, logBytes, compressed, ledgerKb, traced } = ESTIMATES;
  const deliveries = events * (1 + duplicates + rejected);
  const batches = events / batch;
  const byReference = kb > MESSAGE_KB ? 1 : 0;
  const messageChunks = byReference ? 1 : Math.ceil(kb / CHUNK_KB);
  const busChunks = kb > BUS_KB ? 1 : Math.ceil(kb / CHUNK_KB);
  const bodies = byReference + (kb > BUS_KB ? 1 : 0);
  const logGb = ((deliveries + batches) * logBytes.invocation + deliveries * logBytes.access) / 1024 ** 3;
  const archiveGb = (events * kb * compressed.body) / KB_OF_GB;
  const verifying =
    events * (verifierSeconds.accepted + duplicates * verifierSeconds.duplicate + rejected * verifierSeconds.rejected);
  const use = (component: string, price: PriceName, quantity: number, because: string): Use => ({
    ...{ component, price, quantity, because },
  });
  return [
    use('API Gateway', 'apiRequest', deliveries, 'every delivery'),
    use('API Gateway', 'outGb', (deliveries * logBytes.answer) / 1024 ** 3, 'every answer'),
    use('WAF', 'wafRequest', firewall ? deliveries : 0, 'every delivery'),
    use('Lambda', 'lambdaRequest', deliveries + batches, 'every delivery and every batch'),
    use('Lambda', 'lambdaGbSecond', verifying * MEMORY_GB.verifier, 'verifiers'),
    use(
      'Lambda',
      'lambdaGbSecond',
      (batches * processorSeconds.batch + events * processorSeconds.event) * MEMORY_GB.processor,
      'processors',
    ),
    use(
      'DynamoDB',
      'tableWrite',
      events * (5 + duplicates),
      'claim, its place in the list, mark, lease, mark; and one per duplicate',
    ),
    use(
      'DynamoDB',
      'tableGbMonth',
      monthly(events, ledgerKb.item + ledgerKb.place, days.ledger),
      'the ledger, until it forgets',
    ),
    use('DynamoDB', 'tableRecoveryGbMonth', monthly(events, ledgerKb.item, days.ledger), 'its point-in-time recovery'),
    use('SQS', 'queueRequest', events * messageChunks + 2 * batches, 'send; receive and delete a batch'),
    use('EventBridge', 'busEvent', events * published * busChunks, 'publish'),
    use('S3', 'bucketPut', batches + events * bodies, 'an object per batch; a body that travels by reference'),
    use('S3', 'bucketGet', events * byReference, 'a body that travels by reference'),
    use('S3', 'bucketGbMonth', (archiveGb * days.archive) / DAYS_OF_MONTH, 'the archive'),
    use('S3', 'bucketGbMonth', (events * kb * bodies * days.archive) / DAYS_OF_MONTH / KB_OF_GB, 'bodies'),
    use('CloudWatch', 'logGb', logGb, 'log lines and metrics'),
    use('CloudWatch', 'logGbMonth', (logGb * compressed.log * days.logs) / DAYS_OF_MONTH, 'log lines, while kept'),
    use('X-Ray', 'trace', deliveries * traced, 'one in a hundred'),
    ...usesOfTargets(traffic),
  ];
}

/** GB-months of items of a size that are kept for so many days. */
const monthly = (items: number, kb: number, days: number): number => (items * kb * days) / DAYS_OF_MONTH / KB_OF_GB;
