import { localSecrets } from '../../cli/local-gateway.ts';
import { eventKey } from '../../cli/send/event-key.ts';
import { Received as ReceivedDelivery } from '../../lambdas/core/received.ts';
import type { HookgateConfig, SourceConfig } from '../../lib/config/config.ts';
import { pascalCase } from '../../lib/config/stack-names.ts';
import type { AwsCall } from '../../local/call-log.ts';
import type { FaultRule } from '../../local/faults.ts';
import type { EventView } from '../../local/ledger-view.ts';
import type { QueuesView } from '../../local/queue-view.ts';
import { sample, signed } from '../../cli/send/signed.ts';
import type { Flaws } from '../../cli/send/signed.ts';
import { eventually } from './eventually.ts';

export interface Received {
  readonly status: number;
  readonly headers: Headers;
  readonly body: unknown;
}

export interface BusEntry {
  readonly source: string;
  readonly detailType: string;
  readonly detail: { readonly metadata: Readonly<Record<string, unknown>>; readonly event: unknown };
}

/** One source of a running gateway, as its provider and its operator see it. */
export class SourceClient {
  readonly #origin: string;
  readonly source: SourceConfig;
  readonly url: string;

  constructor(origin: string, source: SourceConfig) {
    this.#origin = origin;
    this.source = source;
    this.url = `${origin}/webhooks/${source.name}`;
  }

  static of(name: string, { sources }: HookgateConfig, origin: string): SourceClient {
    const source = sources.find((candidate) => candidate.name === name);
    if (!source) throw new Error(`there is no source ${name}`);
    return new SourceClient(origin, source);
  }

  newEvent(type?: string): Buffer {
    return sample(this.source, new Date(), type);
  }

  /** Signs a body as the provider would, and delivers it. */
  deliver(body: Buffer, flaws: Flaws = {}): Promise<Received> {
    const secret = localSecrets(this.source, {}).signing;
    const delivery = signed({ source: this.source, url: this.url, body, secret, now: new Date(), flaws });
    return this.request('POST', delivery.headers, delivery.body);
  }

  /** The answer that the provider gets: in its own way if it has one, and otherwise with 200 and what became of the event. */
  acknowledgement(body: Buffer, status: string): Pick<Received, 'status' | 'body'> {
    const { provider, options } = this.source;
    const delivery = { method: 'POST', url: this.url, headers: new Map(), body };
    const received = new ReceivedDelivery(delivery, { now: new Date(), options });
    const own = provider.acknowledge?.(received, localSecrets(this.source, {}).stored);
    return own ? { status: own.status, body: own.body } : { status: 200, body: { status } };
  }

  async request(method: string, headers: Readonly<Record<string, string>> = {}, body?: Buffer): Promise<Received> {
    const init = { method, headers, ...(body && { body: new Uint8Array(body) }) };
    const response = await fetch(this.url, init);
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    // Some providers want a text of their own as the answer.
    const read = (): unknown => (isJson ? (JSON.parse(text) as unknown) : text);
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : read() };
  }

  events(): Promise<EventView[]> {
    return this.#get<EventView[]>(`/_local/events?source=${this.source.name}`);
  }

  async bus(): Promise<BusEntry[]> {
    const entries = await this.#get<BusEntry[]>('/_local/bus');
    return entries.filter(({ source }) => source === `hookgate.${this.source.name}`);
  }

  queues(): Promise<QueuesView> {
    return this.#get<QueuesView>('/_local/queues');
  }

  /** The calls of this source's verifier. */
  async verifierCalls(): Promise<AwsCall[]> {
    const calls = await this.#get<AwsCall[]>('/_local/aws-calls');
    return calls.filter(({ function: name }) => name === `${pascalCase(this.source.name)}Verifier`);
  }

  async injectFault(rule: FaultRule): Promise<void> {
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(`${this.#origin}/_local/faults`, {
      method: 'POST',
      headers,
      body: JSON.stringify(rule),
    });
    if (!response.ok) throw new Error(await response.text());
  }

  /** Waits until a body's event is processed and its source's queue is empty; answers what the ledger has of it. */
  async processed(body: Buffer): Promise<EventView> {
    const key = this.keyOf(body);
    return eventually(async () => {
      const event = (await this.events()).find((candidate) => candidate.key === key);
      const queue = (await this.queues()).sources[this.source.name];
      return event?.status === 'PROCESSED' && queue?.visible === 0 && queue.inFlight === 0 && event;
    }, 25_000);
  }

  /** The published entries of a body's event. */
  async published(body: Buffer): Promise<BusEntry[]> {
    const key = this.keyOf(body);
    return (await this.bus()).filter(({ detail }) => detail.metadata.key === key);
  }

  keyOf = (body: Buffer): string => eventKey(this.source, body);

  /** Delivers one event, so that the process that takes the next delivery has read its secret: calls can be counted then. */
  async warmUp(): Promise<void> {
    await this.deliver(this.newEvent());
  }

  async #get<Value>(path: string): Promise<Value> {
    const response = await fetch(this.#origin + path);
    if (!response.ok) throw new Error(`${path} answers ${response.status}`);
    return (await response.json()) as Value;
  }
}
