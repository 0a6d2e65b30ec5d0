import { setTimeout as sleep } from 'node:timers/promises';
import { subscriptionOf } from '../../local/fake-providers/settings.ts';
import type { SenderSource } from '../../cli/sources.ts';
import { NEVER } from './doom.ts';
import { planned } from './events.ts';
import type { PlannedEvent } from './events.ts';
import type { GatewayProcess } from './gateway-process.ts';

/** Events of a source that its provider lists as missed, and does not deliver. */
export class MissedEvents {
  readonly events: PlannedEvent[] = [];
  readonly #gateway: GatewayProcess;
  readonly #source: SenderSource;
  readonly #random: () => number;

  constructor(gateway: GatewayProcess, source: SenderSource, random: () => number) {
    this.#gateway = gateway;
    this.#source = source;
    this.#random = random;
  }

  /** Has the provider list some new events, and some that were delivered as well. */
  async list(count: number, delivered: readonly PlannedEvent[]): Promise<void> {
    const missed = Array.from({ length: count }, () => planned('missed', this.#source, this.#random, NEVER));
    this.events.push(...missed);
    const body = JSON.stringify([...missed, ...delivered].map((event) => event.body.toString('utf8')));
    const headers = { 'content-type': 'application/json' };
    const response = await fetch(this.#url(), { method: 'POST', headers, body });
    if (!response.ok) throw new Error(`the stand-in for the provider answers ${response.status}`);
  }

  /** Polls until nothing is listed any more: each event is then told to be safe. Throws if that takes too many polls. */
  async poll(): Promise<void> {
    for (let polls = 0; polls < 60; polls++) {
      if ((await this.#listed()).length === 0) return;
      // The schedule's own poll may be under way.
      await this.#gateway.ops(['missed', 'run', this.#source.name]).catch(() => sleep(2_000));
    }
    throw new Error('events stay listed as missed');
  }

  async #listed(): Promise<readonly unknown[]> {
    return (await (await fetch(this.#url())).json()) as readonly unknown[];
  }

  #url(): string {
    return `${this.#gateway.addresses.fakeProviders}/_control/optum/${subscriptionOf(this.#source.name)}`;
  }
}
