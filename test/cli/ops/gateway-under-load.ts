import { schemeOf } from '../../../lambdas/core/provider.ts';
import { setTimeout as sleep } from 'node:timers/promises';
import type { SourceConfig } from '../../../lib/config/config.ts';
import { sample } from '../../../cli/send/signed.ts';

/** Between two deliveries of a sender: a load is to be steady, and not to take the machine from what it watches. */
const PAUSE_MS = 25;

/** A steady load of authentic deliveries of one source, signed with the secrets that its provider has now. */
export class Load {
  /** The secret that the provider signs with from now on. */
  secrets: readonly [string, ...string[]];
  /** Answers other than 200: none is to be. */
  readonly refused: number[] = [];
  sent = 0;
  readonly #url: string;
  readonly #source: SourceConfig;
  readonly #senders: Promise<void>[];
  #stopped = false;

  /** @param senders deliveries under way at a time: as many as the function has containers, so that all take part. */
  constructor(origin: string, source: SourceConfig, secret: string, senders = 4) {
    this.#url = `${origin}/webhooks/${source.name}`;
    this.#source = source;
    this.secrets = [secret];
    this.#senders = Array.from({ length: senders }, () => this.#send());
  }

  /** Delivers a new event, signed with these secrets; answers the status. */
  async deliver(...secrets: readonly [string, ...string[]]): Promise<number> {
    const now = new Date();
    const body = sample(this.#source, now);
    const { provider, options } = this.#source;
    const { headers } = schemeOf(provider, options).sign({ url: this.#url, body, secrets, now });
    const response = await fetch(this.#url, { method: 'POST', headers, body: new Uint8Array(body) });
    await response.arrayBuffer();
    return response.status;
  }

  /** Lets the load run on until so many more deliveries are answered. */
  async answered(more: number): Promise<void> {
    const until = this.sent + more;
    while (this.sent < until && !this.#stopped) await sleep(5);
  }

  async stop(): Promise<void> {
    this.#stopped = true;
    await Promise.all(this.#senders);
  }

  async #send(): Promise<void> {
    // The first waits for the constructor's end.
    await Promise.resolve();
    while (!this.#stopped) {
      // A delivery without an answer is refused too, and ends the load: there is no gateway any more.
      const status = await this.deliver(...this.secrets).catch(() => {
        this.#stopped = true;
        return 0;
      });
      this.sent++;
      if (status !== 200) this.refused.push(status);
      await sleep(PAUSE_MS);
    }
  }
}
