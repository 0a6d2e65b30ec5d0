import { derivedKey, encodeKey } from '../../lambdas/core/event-key.ts';
import { sha256 } from '../../lambdas/core/hash.ts';
import type { Http, HttpRequest, HttpResponse } from '../../lambdas/core/http/http.ts';
import type { Gateway, Surroundings } from './gateway.ts';
import { EVERY_FAULT, READ_FAULTS } from './faults.ts';
import type { Call, Move } from './faults.ts';

/** A provider's API: its list, and the changes that calls make. */
export interface ProviderApi {
  readonly answer: (request: HttpRequest) => HttpResponse;
  /** A poll has succeeded: whatever was listed is safe. */
  readonly polled?: () => void;
  /** A poll has ended, or was killed. */
  readonly ended?: () => void;
  /** Nothing is left that a poll has to do there. */
  readonly isDone: () => boolean;
  readonly state: () => string;
}

/** Milliseconds: the poller's time-out and the time between two polls. */
const TIMEOUT_MS = 60_000;
const INTERVAL_MS = 15 * 60_000;

/** A poll at every interval, until one has succeeded and nothing is left; for one fault an operator starts one beside it. */
export class Poller implements Surroundings {
  readonly #gateway: Gateway;
  readonly #api: ProviderApi;
  #nextAt: number;
  #polls = 0;
  #underWay = 0;
  #hasSucceeded = false;

  constructor(gateway: Gateway, api: ProviderApi) {
    this.#gateway = gateway;
    this.#api = api;
    this.#nextAt = gateway.simulation.now;
  }

  moves(): Move[] {
    const due = this.#isWanted() && this.#gateway.simulation.now >= this.#nextAt;
    return [
      ...(due ? [{ label: 'a poll is due', faults: 0, apply: () => this.#start(true) }] : []),
      ...(this.#underWay > 0
        ? [{ label: 'an operator starts a poll', faults: 1, apply: () => this.#start(false) }]
        : []),
    ];
  }

  times = (): number[] => (this.#isWanted() ? [this.#nextAt] : []);
  state = (): string => `${this.#nextAt} ${this.#polls} ${this.#underWay} ${this.#hasSucceeded} ${this.#api.state()}`;

  #isWanted = (): boolean => !this.#hasSucceeded || !this.#api.isDone();

  #start(isScheduled: boolean): void {
    const { simulation, product, source, observer, queue, quarantine } = this.#gateway;
    const owner = `poller ${++this.#polls}`;
    const deadline = simulation.now + TIMEOUT_MS;
    if (isScheduled) this.#nextAt = simulation.now + INTERVAL_MS;
    this.#underWay++;
    simulation.spawn(
      owner,
      TIMEOUT_MS,
      (call) =>
        product.poll(
          source,
          {
            ...{ owner, observer, clock: simulation.clock, http: this.#http(call) },
            pollObserver: { polled: () => undefined, endFailed: () => undefined },
            deployedAt: () => Promise.resolve(new Date(0)),
            isSafe: product.safeEvents('ledger', this.#gateway.dynamo(call, 'look')),
            remainingMs: () => deadline - simulation.now,
            cursor: product.dynamoCursor({
              ...{ table: 'ledger', source: source.name, clock: simulation.clock },
              client: this.#gateway.dynamo(call, 'cursor'),
            }),
            ledger: this.#gateway.ledger(call),
            queue: this.#gateway.sender(queue, call),
            quarantine: this.#gateway.sender(quarantine, call),
          },
          { maxEvents: 100, maxPages: 10, reserveMs: 25_000, leaseMarginMs: 1_000 },
        ),
      (outcome) => {
        this.#underWay--;
        this.#api.ended?.();
        if (outcome.ok && outcome.answer.outcome === 'succeeded') {
          this.#hasSucceeded = true;
          this.#api.polled?.();
        }
        this.#gateway.check();
      },
    );
  }

  #http(call: Call): Http {
    const { HttpFault } = this.#gateway.product;
    return (request) => {
      const path = request.url.replace(/^https:\/\/[^/]*|\?.*$/g, '');
      return call(`${request.method} ${path}`, () => this.#api.answer(request), {
        faults: request.method === 'GET' ? READ_FAULTS : EVERY_FAULT,
      }).catch((error: unknown) => {
        // As the adapter tells of a call without an answer.
        const { name } = error as Error;
        if (name === 'TimeoutError') throw new HttpFault('timeout');
        throw name === 'ServiceUnavailable' ? new HttpFault('network') : error;
      });
    };
  }
}

const answer = (body: unknown): HttpResponse => ({ status: 200, headers: new Map(), body: JSON.stringify(body) });

/** The provider options under which Optum's list can be called. */
export const OPTUM_OPTIONS = {
  baseUrl: 'https://api.example.com',
  ...{ tenantId: 'tenant', subscriptionId: 'subscription' },
  ...{ subscriptionPath: '/subscription', missedEventsPath: '/missed-events' },
  ...{ acknowledgePath: '/acknowledge', reopenPath: '/reopen' },
};

const entryOf = (id: string, eventPayload: string) => ({ id, eventPayload });

/** Optum's missed events: listed until acknowledged. An acknowledged event must be safe, because nobody sends it again. */
export function optumApi(gateway: Gateway, missed: readonly string[]): ProviderApi {
  const listed = new Map(missed.map((body, index) => [String(index), body]));
  let isOpen = missed.length > 0;
  const acknowledge = (id: string): void => {
    const body = listed.get(id);
    if (body === undefined) return;
    listed.delete(id);
    const key = gateway.keyOf(body);
    const receivedAt = gateway.simulation.now;
    // An entry that cannot be read is itself what goes into quarantine.
    gateway.promises.acknowledged(
      key === ''
        ? { key, bodyHash: sha256(JSON.stringify(entryOf(id, body))), receivedAt, fate: 'quarantined' }
        : { key, bodyHash: sha256(body), receivedAt, fate: 'processed' },
    );
  };
  return {
    answer: ({ method, url, body = '{}' }) => {
      if (method === 'GET' && url.endsWith('/missed-events'))
        return answer([...listed].map(([id, body]) => entryOf(id, body)));
      if (url.endsWith('/acknowledge')) for (const id of (JSON.parse(body) as { ids: string[] }).ids) acknowledge(id);
      if (url.endsWith('/reopen')) isOpen = false;
      return answer({});
    },
    isDone: () => listed.size === 0 && !isOpen,
    state: () => `${[...listed.keys()].join()} ${isOpen}`,
  };
}

/** An exclusion as NVSEP lists it, its id and its time first. */
export interface Exclusion {
  readonly id: string;
  readonly createdAt: string;
}

/** The provider options under which NVSEP's list can be called. */
export const NVSEP_OPTIONS = {
  baseUrl: 'https://portal.example.com',
  ...{ reconcileFrom: '2026-01-01T00:00:00Z', pageSize: 100 },
};

/** NVSEP's exclusions: a list of all there ever was, which knows nothing of what was delivered. */
export const nvsepApi = (gateway: Gateway, exclusions: readonly Exclusion[]): ProviderApi => ({
  answer: () => answer({ entries: exclusions, meta: {} }),
  polled: () => {
    const receivedAt = gateway.simulation.now;
    for (const { id, createdAt, ...rest } of exclusions) {
      const body = { type: 'cfs_exclusions.created', createdAt, version: '1.0', data: { id, createdAt, ...rest } };
      const [key, bodyHash] = [encodeKey(derivedKey('exclusion', id)), sha256(JSON.stringify(body))];
      gateway.promises.acknowledged({ key, bodyHash, receivedAt, fate: 'processed' });
    }
  },
  isDone: () => true,
  state: () => '',
});
