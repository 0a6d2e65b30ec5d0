import { decodeKey, encodeKey } from '../../../lambdas/core/event-key.ts';
import type { EventKey } from '../../../lambdas/core/event-key.ts';
import type { Event, EventHead, EventIdentity, Evidence, ReprocessOrder, Via } from '../../../lambdas/core/event.ts';
import type {
  AliasOutcome,
  Archive,
  BodyStore,
  EventQueue,
  Lease,
  Ledger,
  LeaseOutcome,
  Processed,
  ReconcilableEvent,
  Secrets,
  Status,
  StorableBody,
} from '../../../lambdas/core/ports.ts';
import type { Observer } from '../../../lambdas/core/observer.ts';
import type { Breaker } from '../../../lambdas/core/process/admit.ts';
import { CLOSED } from '../../../lambdas/core/process/breaker.ts';
import type { BreakerState } from '../../../lambdas/core/process/breaker.ts';
import type { BreakerView } from '../../../lambdas/core/process/flow.ts';
import type { Delay, Retries } from '../../../lambdas/core/process/failures.ts';
import type { Secret } from '../../../lambdas/core/verdict.ts';
import { bodyIdentity } from '../../../lambdas/core/fingerprint.ts';
import { sha256 } from '../../../lambdas/core/hash.ts';
import { bodyKey } from '../../../lambdas/core/large-body.ts';

/** A ledger item, as far as the use cases see it. */
export interface MemoryItem {
  status: Status;
  bodyHash: string;
  deliveries: number;
  expiresAt: number;
  event: EventHead;
  leaseOwner?: string;
  leaseUntil?: number;
  archivedIn?: string;
  /** Why tries failed, the oldest first. */
  failures?: string[];
  /** Failed tries since it was last a dead letter. */
  tries?: number;
  /** The orders that were carried out. */
  orders?: ReprocessOrder[];
  copyOf?: string | undefined;
}

const nameOf = (event: EventIdentity): string => `${event.source}#${encodeKey(event)}`;

/** The ledger's rules on a Map; the same rules hold for the DynamoDB adapter, whose own tests show it. */
export class MemoryLedger implements Ledger {
  readonly items = new Map<string, MemoryItem>();
  readonly aliases = new Map<string, { key: string; via: Via; copy?: string }>();
  readonly clock: () => number;
  readonly windowMs: number;

  constructor(clock: () => number, windowMs = 1_000_000) {
    this.clock = clock;
    this.windowMs = windowMs;
  }

  find = (event: EventIdentity): MemoryItem | undefined => this.items.get(nameOf(event));

  claim(event: Event): ReturnType<Ledger['claim']> {
    const known = this.find(event);
    if (known && known.expiresAt >= this.clock()) {
      const { status, bodyHash } = known;
      const { via, quarantine, fingerprint } = known.event;
      return Promise.resolve({
        ...{ known: true, status, bodyHash, via, type: known.event.type, deliveries: known.deliveries++ },
        ...(fingerprint !== undefined && { fingerprint }),
        ...(quarantine && { quarantine }),
      });
    }
    this.#put(event, 'PENDING');
    return Promise.resolve({ known: false });
  }

  readonly bodies = new Map<string, EventKey>();

  bindBody(event: EventHead): Promise<EventKey> {
    const { source, key, keyKind } = event;
    const name = `${source}#${bodyIdentity(event)}`;
    const bound = this.bodies.get(name) ?? { key, ...(keyKind && { keyKind }) };
    this.bodies.set(name, bound);
    return Promise.resolve(bound);
  }

  boundKey({ source, ...event }: EventHead): Promise<EventKey | undefined> {
    return Promise.resolve(this.bodies.get(`${source}#${bodyIdentity(event)}`));
  }

  markQueued = (id: EventIdentity): Promise<void> => this.#mark(id, ['PENDING'], 'QUEUED');
  markQuarantined = (id: EventIdentity): Promise<void> => this.#mark(id, ['PENDING'], 'QUARANTINED');
  markProcessed = async (id: EventIdentity, done: Processed): Promise<void> => {
    const item = this.find(id);
    if (!item || (item.leaseOwner !== undefined && item.leaseOwner !== done.owner)) return;
    await this.#mark(id, ['PENDING', 'QUEUED'], 'PROCESSED');
    item.archivedIn = done.archivedIn;
    item.copyOf = done.copyOf;
    if (done.order) item.orders = [...(item.orders ?? []), done.order];
    delete item.leaseOwner;
    delete item.leaseUntil;
    delete item.tries;
  };

  noteFailure(id: EventIdentity, owner: string, reason: string, isSpent = true): Promise<number | undefined> {
    const item = this.find(id);
    if (item?.leaseOwner !== owner) return Promise.resolve(undefined);
    item.failures = [...(item.failures ?? []), reason];
    if (isSpent) item.tries = (item.tries ?? 0) + 1;
    delete item.leaseOwner;
    delete item.leaseUntil;
    return Promise.resolve(item.tries ?? 0);
  }

  forgetTries(id: EventIdentity): Promise<void> {
    delete this.find(id)?.tries;
    return Promise.resolve();
  }

  claimAlias(event: ReconcilableEvent): Promise<AliasOutcome> {
    const { source, via, reconcileKey } = event;
    const key = encodeKey(event);
    const name = `${source}#${reconcileKey}`;
    const alias = this.aliases.get(name) ?? { key, via };
    this.aliases.set(name, alias);
    if (alias.key === key || (via === 'webhook' && alias.via === 'webhook')) return Promise.resolve({ is: 'own' });
    if (via === 'webhook') alias.copy ??= key;
    return Promise.resolve(
      via === 'poll' || alias.copy === key ? { is: 'copy', of: decodeKey(alias.key).key } : { is: 'own' },
    );
  }

  isKnown = ({ source, reconcileKey }: ReconcilableEvent): Promise<boolean> =>
    Promise.resolve(this.aliases.has(`${source}#${reconcileKey}`));

  lease(event: EventHead, { owner, until, archivedIn }: Lease): Promise<LeaseOutcome> {
    const item = this.find(event) ?? this.#put(event, 'QUEUED');
    const isDone = event.replay ? item.orders?.some(({ id }) => id === event.replay?.id) : item.status === 'PROCESSED';
    if (isDone) return Promise.resolve('processed');
    if (item.status === 'QUARANTINED') return Promise.resolve('quarantined');
    const free = item.leaseUntil === undefined || item.leaseUntil < this.clock() || item.leaseOwner === owner;
    if (!free) return Promise.resolve('busy');
    item.leaseOwner = owner;
    item.leaseUntil = until;
    item.archivedIn = archivedIn;
    return Promise.resolve('taken');
  }

  #put(event: EventHead, status: Status): MemoryItem {
    const expiresAt = this.clock() + this.windowMs;
    const item: MemoryItem = { status, bodyHash: event.bodyHash, deliveries: 1, expiresAt, event };
    this.items.set(nameOf(event), item);
    return item;
  }

  #mark(id: EventIdentity, from: readonly Status[], to: Status): Promise<void> {
    const item = this.find(id);
    if (item && from.includes(item.status)) item.status = to;
    return Promise.resolve();
  }
}

export class MemoryQueue implements EventQueue {
  readonly events: Event[] = [];

  send(event: Event): Promise<void> {
    this.events.push(event);
    return Promise.resolve();
  }
}

export class MemoryBodies implements BodyStore {
  readonly objects = new Map<string, Buffer>();

  put(event: StorableBody): Promise<string> {
    this.objects.set(bodyKey(event), event.body);
    return Promise.resolve(bodyKey(event));
  }

  get = (key: string): Promise<Buffer | undefined> => Promise.resolve(this.objects.get(key));
}

export class MemoryArchive implements Archive {
  readonly objects = new Map<string, readonly Event[]>();

  keep(place: string, events: readonly Event[]): Promise<void> {
    this.objects.set(place, events);
    return Promise.resolve();
  }
}

/** Writes down what is observed, in order: `rejected:signature_mismatch`. */
export function recordingObserver(): Observer & { readonly seen: string[] } {
  const seen: string[] = [];
  const note =
    (name: string) =>
    (...details: readonly unknown[]): void =>
      void seen.push([name, ...details.filter((detail) => typeof detail === 'string')].join(':'));
  return {
    seen,
    received: note('received'),
    verified: note('verified'),
    rejected: note('rejected'),
    secretReadFailed: note('secretReadFailed'),
    secretRefused: note('secretRefused'),
    secretMissing: note('secretMissing'),
    unavailable: note('unavailable'),
    accepted: note('accepted'),
    enqueued: note('enqueued'),
    duplicate: note('duplicate'),
    conflict: note('conflict'),
    quarantined: note('quarantined'),
    markFailed: note('markFailed'),
    notified: note('notified'),
    acknowledged: note('acknowledged'),
    processed: note('processed'),
    dropped: note('dropped'),
    busy: note('busy'),
    waiting: note('waiting'),
    unordered: note('unordered'),
    recovered: note('recovered'),
    failed: note('failed'),
    deadLetter: note('deadLetter'),
    held: note('held'),
    breakerMoved: note('breakerMoved'),
    breakerFailed: note('breakerFailed'),
    repaired: note('repaired'),
    retryFailed: note('retryFailed'),
  };
}

/** The steps after failed tries, written down: the delays, and the texts of the dead letters. */
export class MemoryRetries implements Retries {
  readonly delays: Delay[] = [];
  readonly deadLetters: string[] = [];
  readonly reasons: string[] = [];
  readonly calledBack: string[] = [];

  delay(delays: readonly Delay[]): Promise<void> {
    this.delays.push(...delays);
    return Promise.resolve();
  }

  callBack(receipt: string): Promise<void> {
    this.calledBack.push(receipt);
    return Promise.resolve();
  }

  giveUp(text: string, reason: string): Promise<void> {
    this.deadLetters.push(text);
    this.reasons.push(reason);
    return Promise.resolve();
  }
}

/** The breaker's rules on one object; the same rules hold for the DynamoDB adapter, whose own tests show it. */
export class MemoryBreaker implements Breaker {
  view: BreakerView = { state: CLOSED };
  nextAt = 0;
  changes = 0;
  readonly #clock: () => number;

  constructor(clock: () => number) {
    this.#clock = clock;
  }

  read = (): Promise<BreakerView> => Promise.resolve(this.view);

  change(change: (state: BreakerState) => BreakerState | undefined): Promise<boolean> {
    const state = change(this.view.state);
    if (!state) return Promise.resolve(false);
    this.changes++;
    this.view = { ...this.view, state };
    return Promise.resolve(true);
  }

  reserve(slot: number, most: number): Promise<number | undefined> {
    const from = Math.max(this.nextAt, this.#clock());
    if (from - this.#clock() > most) return Promise.resolve(undefined);
    this.nextAt = from + slot;
    return Promise.resolve(from - this.#clock());
  }
}

/** A policy of five tries and delays without jitter, on {@link MemoryRetries}. */
export const memoryRetries = () => ({
  retries: new MemoryRetries(),
  retry: { attempts: 5, firstDelaySeconds: 10, maxDelaySeconds: 60, retentionSeconds: 14 * 86_400 },
  random: () => 0,
});

export const fixedSecrets = (...values: readonly string[]): Secrets => {
  const labels = ['current', 'pending', 'previous'] as const;
  const secrets: Secret[] = values.map((value, index) => ({
    value,
    label: labels[index] ?? 'previous',
    versionId: `v${index}`,
  }));
  return { read: () => Promise.resolve(secrets), reread: () => Promise.resolve(undefined) };
};

export function makeEvent(overrides: Partial<Event> = {}): Event {
  const body = overrides.body ?? Buffer.from('{"event_id":"evt_1"}');
  const evidence: Evidence = { headers: {}, secretLabel: 'current', secretVersionId: 'v0' };
  return {
    ...{ source: 'osigu', provider: 'osigu', key: 'evt_1', type: 'authorization.created', via: 'webhook' },
    ...{ receivedAt: '2026-01-02T03:04:05.678Z', contentType: 'application/json', evidence },
    ...overrides,
    body,
    bodyHash: overrides.bodyHash ?? sha256(body),
  };
}
