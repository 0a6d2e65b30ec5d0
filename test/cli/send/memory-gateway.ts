import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { busSource } from '../../../lambdas/contract.ts';
import type { Event } from '../../../lambdas/core/event.ts';
import { schemeOf } from '../../../lambdas/core/provider.ts';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { accept } from '../../../lambdas/core/accept.ts';
import { eventsOfBatch } from '../../../lambdas/core/receive/batch-message.ts';
import { receive } from '../../../lambdas/core/receive/receive.ts';
import type { ReceivePorts } from '../../../lambdas/core/receive/receive.ts';
import { fixedSecrets, MemoryLedger, MemoryQueue, recordingObserver } from '../../lambdas/core/in-memory.ts';
import { publishedKeyOf } from '../../lambdas/providers/deliveries.ts';
import { localSecrets } from '../../../cli/local-gateway.ts';

/** The faults of a gateway, to see whether the demo finds them. */
export interface Faults {
  /** Takes any signature for a good one. */
  readonly gullible?: boolean;
  /** Processes an event as often as it is delivered. */
  readonly repeats?: boolean;
  /** Never processes anything. */
  readonly idle?: boolean;
}

/** The core's own use cases over memory, behind HTTP, with the inspection routes of the local gateway. */
export class MemoryGateway {
  readonly bus: { source: string; detailType: string; detail: object }[] = [];
  readonly #ledger: MemoryLedger;
  readonly #server: Server;
  readonly #providers: readonly Provider[];
  readonly #faults: Faults;

  constructor(providers: readonly Provider[], faults: Faults = {}) {
    this.#providers = providers.map((provider) => (faults.gullible ? gullible(provider) : provider));
    this.#faults = faults;
    this.#ledger = faults.repeats ? new ForgetfulLedger(Date.now) : new MemoryLedger(Date.now);
    this.#server = createServer((request, response) => {
      void this.#answer(request).then(({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  close(): Promise<unknown> {
    this.#server.closeAllConnections();
    return new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    const url = new URL(request.url ?? '', `http://${request.headers.host ?? ''}`);
    const show = (body: unknown) => ({ status: 200, body });
    if (url.pathname === '/_local/bus') return show(this.bus);
    if (url.pathname === '/_local/queues') return show({ sources: {}, quarantine: 0 });
    if (url.pathname === '/_local/events') return show(this.#events(url.searchParams.get('source') ?? ''));
    const name = url.pathname.replace('/webhooks/', '');
    const provider = this.#providers.find((candidate) => candidate.name === name);
    if (!provider) return { status: 404, body: { error: 'unknown_source' } };

    const body = Buffer.concat((await request.toArray()) as Buffer[]);
    const headers = new Map(Object.entries(request.headersDistinct).map(([key, values]) => [key, values ?? []]));
    const source = { name, provider, options: {}, windowSeconds: 10 ** 9, maxBodyBytes: 10 ** 6 };
    const answer = await receive({ method: 'POST', url: url.href, headers, body }, source, this.#ports(name, provider));
    return { status: answer.status, body: answer.body };
  }

  #events(source: string): object[] {
    const items = [...this.#ledger.items.values()].filter(({ event }) => event.source === source);
    return items.map(({ event, status, deliveries }) => ({
      source,
      key: event.key,
      type: event.type,
      status,
      deliveries,
    }));
  }

  /** A delivery that came whole is told apart, and each of its events accepted, as the processor does. */
  async #process(event: Event, ports: ReceivePorts): Promise<void> {
    if (event.parts) {
      for (const part of eventsOfBatch(event)) await accept(part, ports);
      return;
    }
    if (this.#faults.idle) return;
    const { source, key, type } = event;
    this.bus.push({
      source: busSource(source),
      detailType: type,
      detail: { metadata: { source, key, type }, event: {} },
    });
    await this.#ledger.markProcessed(event, { owner: 'memory', archivedIn: 'archive' });
  }

  #ports(source: string, provider: Provider): ReceivePorts {
    const { stored, signing } = localSecrets({ name: source, provider, options: {} }, {});
    const ports: ReceivePorts = {
      clock: Date.now,
      secrets: fixedSecrets(stored),
      keys: { get: () => Promise.resolve(publishedKeyOf(signing)) },
      observer: recordingObserver(),
      quarantine: new MemoryQueue(),
      queue: { send: (event) => this.#process(event, ports) },
      ledger: this.#ledger,
    };
    return ports;
  }
}

/** Counts the deliveries of an event, and takes each for the first. */
class ForgetfulLedger extends MemoryLedger {
  override async claim(event: Event): ReturnType<MemoryLedger['claim']> {
    await super.claim(event);
    return { known: false };
  }
}

/** A provider whose every well-formed signature matches. */
function gullible(provider: Provider): Provider {
  const scheme = schemeOf(provider, {});
  const read: typeof scheme.read = (delivery, context) => {
    const signature = scheme.read(delivery, context);
    return signature.ok ? { ok: true, value: { matches: () => true } } : signature;
  };
  return { ...provider, scheme: { ...scheme, read } };
}
