import { schemeOf } from '../../lambdas/core/provider.ts';
import type { Answer, Delivery } from '../../lambdas/core/delivery.ts';
import type { Secret } from '../../lambdas/core/verdict.ts';
import type { Gateway, Surroundings } from './gateway.ts';
import type { Fate } from './promises.ts';
import { READ_FAULTS } from './faults.ts';
import type { Move } from './faults.ts';

/** A delivery that a provider sends, and sends again until it is answered with 2xx. */
export interface Mail {
  readonly name: string;
  readonly body: string;
  readonly fate: Fate;
  /** Milliseconds after the start at which the provider sends it first. */
  readonly at?: number;
  /** The signature is another's. */
  readonly forged?: boolean;
  /** The headers that come with it, by their lower-case names, beside those of its signature. */
  readonly headers?: Readonly<Record<string, string>>;
  /** The body holds its signature already. */
  readonly isSigned?: boolean;
  /** It can only come once another delivery was sent, or acknowledged: whoever sends it has seen that delivery. */
  readonly after?: { readonly name: string; readonly was: 'sent' | 'acknowledged' };
  /** The provider has given it up before the start, and sends it if it is asked to. */
  readonly isLost?: boolean;
}

interface Chain {
  readonly mail: Mail;
  /** The events in its body, as the provider's file reads them. */
  readonly events: ReturnType<Gateway['eventsOf']>;
  readonly delivery: Delivery;
  nextAt: number;
  tries: number;
  status: 'waiting' | 'under way' | 'acknowledged' | 'given up' | 'refused';
}

/** Milliseconds: the stack's time-out of the verifier, and the provider's wait before it tries again. */
const TIMEOUT_MS = 9_000;
const RETRY_MS = 60_000;

export const SECRET = 'proof-secret';
const SECRETS: readonly Secret[] = [{ value: SECRET, label: 'current', versionId: 'v1' }];

/** The providers: each sends its event until it is acknowledged; for one fault it gives up after a try that failed. */
export class Deliveries implements Surroundings {
  readonly #gateway: Gateway;
  readonly #chains: readonly Chain[];
  #invocations = 0;

  constructor(gateway: Gateway, mails: readonly Mail[]) {
    this.#gateway = gateway;
    const { provider } = gateway.source;
    this.#chains = mails.map((mail) => ({
      ...{
        mail,
        events: gateway.eventsOf(mail.body, mail.headers),
        tries: 0,
        status: mail.isLost ? 'given up' : 'waiting',
      },
      nextAt: gateway.simulation.now + (mail.at ?? 0),
      delivery: deliveryOf(mail, (body, secret) => {
        const input = { url: URL, body, secrets: [secret], now: new Date(gateway.simulation.now) } as const;
        return schemeOf(provider, {}).sign({ ...input, headers: mail.headers ?? {} }).headers;
      }),
    }));
  }

  moves(): Move[] {
    const { now } = this.#gateway.simulation;
    const waiting = this.#chains.filter(({ status }) => status === 'waiting');
    return [
      ...waiting
        .filter((chain) => chain.nextAt <= now && this.#mayBeSent(chain))
        .map((chain) => ({ label: `${chain.mail.name} is sent`, faults: 0, apply: () => this.#send(chain) })),
      ...waiting
        .filter(({ tries }) => tries > 0)
        .map((chain) => ({
          label: `the provider gives ${chain.mail.name} up`,
          // A provider may send an event once that it was asked for.
          faults: chain.mail.isLost ? 0 : 1,
          apply: () => {
            chain.status = 'given up';
          },
        })),
    ];
  }

  #mayBeSent({ mail: { after } }: Chain): boolean {
    const earlier = after && this.#chains.find(({ mail }) => mail.name === after.name);
    if (!after || !earlier) return true;
    return after.was === 'sent' ? earlier.tries > 0 : earlier.status === 'acknowledged';
  }

  /** The provider is asked to send what it has given up. */
  sendAgain(body: string): void {
    for (const chain of this.#chains) {
      if (chain.mail.body !== body || chain.status !== 'given up') continue;
      Object.assign(chain, { status: 'waiting', tries: 0, nextAt: this.#gateway.simulation.now });
    }
  }

  times = (): number[] => this.#chains.filter(({ status }) => status === 'waiting').map(({ nextAt }) => nextAt);

  state = (): string =>
    `${this.#invocations}${this.#chains.map(({ nextAt, tries, status }) => `${nextAt} ${tries} ${status}`).join()}`;

  #send(chain: Chain): void {
    const { simulation, product, source, observer, queue, quarantine } = this.#gateway;
    const { mail, delivery } = chain;
    const receivedAt = simulation.now;
    chain.status = 'under way';
    for (const { key } of chain.events) this.#gateway.lines.sent(key, mail.body);
    chain.tries++;
    simulation.spawn<Answer>(
      `verifier ${++this.#invocations} (${mail.name})`,
      TIMEOUT_MS,
      (call) => {
        const read = (): Promise<readonly Secret[]> => call('read the secret', () => SECRETS, { faults: READ_FAULTS });
        return product.receive(delivery, source, {
          ...{ observer, clock: simulation.clock, secrets: { read, reread: () => Promise.resolve(undefined) } },
          ledger: this.#gateway.ledger(call),
          queue: this.#gateway.sender(queue, call),
          quarantine: this.#gateway.sender(quarantine, call),
          order: this.#gateway.ordering(call),
        });
      },
      (outcome) => this.#answered(chain, receivedAt, outcome.ok ? outcome.answer.status : 502),
    );
  }

  #answered(chain: Chain, receivedAt: number, status: number): void {
    const { mail, events } = chain;
    const { promises, simulation } = this.#gateway;
    if (status >= 200 && status < 300) {
      chain.status = 'acknowledged';
      for (const event of events) {
        promises.acknowledged({ ...event, receivedAt, fate: mail.fate });
        this.#gateway.lines.acknowledged(event.key, mail.fate);
      }
    } else if (status >= 400 && status < 500) {
      promises.refused(mail.fate, status);
      chain.status = 'refused';
    } else {
      chain.status = 'waiting';
      chain.nextAt = simulation.now + RETRY_MS;
    }
    this.#gateway.check();
  }
}

const URL = 'https://hooks.example.com/webhooks/nvsep';

function deliveryOf(mail: Mail, sign: (body: Buffer, secret: string) => Record<string, string>): Delivery {
  const body = Buffer.from(mail.body);
  const signed = mail.isSigned ? {} : sign(body, mail.forged ? 'another secret' : SECRET);
  const headers = new Map(Object.entries({ ...mail.headers, ...signed }).map(([name, value]) => [name, [value]]));
  return { method: 'POST', url: URL, headers: headers.set('content-type', ['application/json']), body };
}
