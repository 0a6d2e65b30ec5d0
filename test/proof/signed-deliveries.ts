import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Answer } from '../../lambdas/core/delivery.ts';
import type { Event } from '../../lambdas/core/event.ts';
import type { EventQueue, Ledger, Secrets } from '../../lambdas/core/ports.ts';
import type { Call, Move } from './faults.ts';
import type { Gateway, Surroundings } from './gateway.ts';
import { hash } from './hash.ts';
import type { TwoSides } from './two-sides.ts';

/** Milliseconds: the verifier's time-out, Optum's wait before it tries again, the grace time of the previous secret. */
const TIMEOUT_MS = 9_000;
const RETRY_MS = 60_000;
const GRACE_MS = 86_400_000;
const URL = 'https://hooks.example.com/webhooks/optum';

/** A container of the verifier: its cache outlasts an invocation, and ends if an invocation is killed. */
interface Container {
  readonly secrets: Secrets;
  /** The calls of the invocation that it is in. */
  call: Call;
  /** A hash of all that its calls answered, and when: its cache follows from this. */
  history: number;
}

/**
 * Optum's deliveries at any moments, each signed with what Optum then signs with. The verifier answers them with its real cache
 * of the secret, in one container while it lives; none may be refused. For one fault a forger delivers as well.
 */
export class SignedDeliveries implements Surroundings {
  /** The verifier has answered, so that it has a cache. */
  hasBegun = false;
  readonly #gateway: Gateway;
  readonly #sides: TwoSides;
  readonly #body: Buffer;
  #left: number;
  /** When a delivery that found no answer of 2xx comes again, milliseconds since the epoch. */
  readonly #again: number[] = [];
  #invocations = 0;
  #isUnderWay = false;
  #wasForged = false;
  #container: Container | undefined;

  constructor(gateway: Gateway, sides: TwoSides, count: number) {
    this.#gateway = gateway;
    this.#sides = sides;
    this.#left = count;
    const now = new Date(gateway.simulation.now);
    this.#body = Buffer.from(gateway.product.optum.sample({ id: 'evt_1', now }));
  }

  moves(): Move[] {
    if (this.#isUnderWay) return [];
    const [again = Infinity] = this.#again;
    const isDue = again <= this.#gateway.simulation.now;
    const deliver = (): void => {
      if (isDue) this.#again.shift();
      else this.#left--;
      this.#deliver('Optum', this.#sides.key, (answer) => this.#answered(answer));
    };
    const forge = (): void => {
      this.#wasForged = true;
      this.#deliver('a forger', 'not the secret', (answer) => this.#answeredForger(answer));
    };
    return [
      ...(isDue || this.#left > 0 ? [{ label: 'Optum delivers', faults: 0, isOptional: true, apply: deliver }] : []),
      ...(this.#wasForged ? [] : [{ label: 'a forger delivers', faults: 1, apply: forge }]),
    ];
  }

  times = (): readonly number[] => this.#again;

  state = (): string =>
    [
      this.hasBegun,
      this.#left,
      ...this.#again,
      this.#invocations,
      this.#isUnderWay,
      this.#wasForged,
      this.#container?.history,
    ].join();

  #deliver(sender: string, key: string, answered: (answer: Answer | undefined) => void): void {
    const { simulation, product, source, observer } = this.#gateway;
    const input = { url: URL, body: this.#body, secrets: [key], now: new Date(simulation.now) } as const;
    const { headers: signed } = product.optum.scheme.sign(input);
    const headers = new Map(Object.entries(signed).map(([name, value]) => [name, [value]]));
    headers.set('content-type', ['application/json']);
    const delivery = { method: 'POST', url: URL, headers, body: this.#body };
    this.#isUnderWay = true;
    simulation.spawn<Answer>(
      `verifier ${++this.#invocations} (${sender})`,
      TIMEOUT_MS,
      (call) => {
        this.#container ??= this.#newContainer(call);
        this.#container.call = call;
        const ports = { observer, clock: simulation.clock, secrets: this.#container.secrets };
        return product.receive(delivery, source, { ...ports, ledger: KNOWS_ALL, queue: CLOSED, quarantine: CLOSED });
      },
      (outcome) => {
        this.#isUnderWay = false;
        if (!outcome.ok) this.#container = undefined;
        answered(outcome.ok ? outcome.answer : undefined);
      },
    );
  }

  #answered(answer: Answer | undefined): void {
    const { simulation } = this.#gateway;
    const status = answer?.status ?? 502;
    simulation.promise(status < 300 || status >= 500, () => `an authentic delivery was answered with ${status}`);
    if (answer) this.hasBegun = true;
    if (status >= 300) this.#again.push(simulation.now + RETRY_MS);
  }

  #answeredForger(answer: Answer | undefined): void {
    const isRefused = answer === undefined || answer.status >= 400;
    this.#gateway.simulation.promise(isRefused, () => 'a delivery that is not authentic was answered with 2xx');
  }

  #newContainer(firstCall: Call): Container {
    const { product, simulation, observer } = this.#gateway;
    const call: Call = async (label, effect, options) => {
      const remember = (answer: string): void => {
        container.history = hash(`${container.history}|${simulation.now}|${label}=${answer}`);
      };
      try {
        const answer = await container.call(label, effect, options);
        remember(JSON.stringify(answer));
        return answer;
      } catch (error) {
        remember('failed');
        throw error;
      }
    };
    const client: SecretsManagerClient = this.#sides.manager(call);
    const settings = {
      secretArn: this.#sides.secret.arn,
      previousGraceMs: GRACE_MS,
      clock: simulation.clock,
      observer,
    };
    const container: Container = {
      secrets: product.cachedSecrets({ ...settings, client }),
      call: firstCall,
      history: 0,
    };
    return container;
  }
}

/** The accept path is another scenario's: here every authentic event is known. */
const KNOWS_ALL = {
  claim: ({ bodyHash, type }: Event) =>
    Promise.resolve({ known: true, status: 'QUEUED', via: 'webhook', bodyHash, type, deliveries: 1 }),
} as unknown as Ledger;
const CLOSED: EventQueue = { send: () => Promise.reject(new Error('nothing is sent here')) };
