import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import { secretFrom } from '../../lambdas/core/provider-secret.ts';
import { sha256 } from '../../lambdas/core/hash.ts';
import { providers } from '../../lambdas/providers/index.ts';
import { readBody } from '../../local/http.ts';
import { isGone as neverTaken, NEVER } from './doom.ts';
import type { Downtime } from './doom.ts';

/** A receiver's note of an event that it has answered with success. */
export interface Taken {
  /** In milliseconds since the epoch. */
  readonly at: number;
  /** The place among all that the receiver has taken. */
  readonly place: number;
  /** The `webhook-id`, by which a receiver is to tell that it has an event already. */
  readonly id: string;
  readonly bodyHash: string;
}

interface Flaws {
  readonly fails: () => boolean;
  readonly isGone: (body: Buffer) => boolean;
}

/** The ways in which it fails during a downtime, one after the other. */
const MISDEEDS = ['slow', 'down', 'wrong', 'redirecting'] as const;

/**
 * The service behind the HTTP targets of the runs, in the process that judges them: it goes on when functions and gateway are killed.
 * During a downtime it is slow, down, wrong, and redirects; some events it never takes. It says who called by its signature alone.
 */
export class Receiver {
  /** By the keys of the events. */
  readonly taken = new Map<string, Taken[]>();
  /** Requests whose signature did not match. */
  unsigned = 0;
  /** Requests that came by a redirect. */
  redirected = 0;
  /** Tries that failed during a downtime. */
  failed = 0;
  readonly #verifier: Webhook;
  readonly #server: Server;
  readonly #flaws: Flaws;
  #down: Downtime = NEVER;
  #places = 0;

  /** `fails` says of a request whether it is to fail without any downtime, `isGone` of a body whether it is never taken. */
  constructor(target: string, { fails = () => false, isGone = neverTaken }: Partial<Flaws> = {}) {
    const signer = providers.get('standard-webhooks');
    if (!signer) throw new Error('the registry has no standard-webhooks');
    this.#verifier = new Webhook(secretFrom(signer, {}, `local-secret-${target}`).stored);
    this.#server = createServer((request, response) => void this.#receive(request, response));
    this.#flaws = { fails, isGone };
  }

  /** Resolves to its URL. */
  async start(): Promise<string> {
    this.#server.listen(0, '127.0.0.1');
    await once(this.#server, 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/events`;
  }

  stop(): void {
    this.#server.close();
    this.#server.closeAllConnections();
  }

  /** Fails in that time. */
  failDuring(down: Downtime): void {
    this.#down = down;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await readBody(request).catch(() => undefined);
    // The caller has been killed.
    if (!body) return;
    const headers = request.headers as Record<string, string>;
    if (request.url !== '/events') this.redirected++;
    if (!this.#isSigned(body, headers)) {
      this.unsigned++;
      return void response.writeHead(401).end();
    }
    if (this.#isFailing(response)) {
      this.failed++;
      return;
    }
    if (this.#flaws.isGone(body)) return void response.writeHead(410).end();
    const key = decodeURIComponent(headers['hookgate-key'] ?? '');
    const taken = { at: Date.now(), place: this.#places++, id: headers['webhook-id'] ?? '', bodyHash: sha256(body) };
    this.taken.set(key, [...(this.taken.get(key) ?? []), taken]);
    response.writeHead(204).end();
  }

  #isSigned(body: Buffer, headers: Record<string, string>): boolean {
    try {
      this.#verifier.verify(body.toString('utf8'), headers);
      return true;
    } catch {
      return false;
    }
  }

  /** Fails as in a downtime, if there is one now; returns whether it did. */
  #isFailing(response: ServerResponse): boolean {
    const { from, until } = this.#down;
    const part = Math.floor(((Date.now() - from) / (until - from)) * MISDEEDS.length);
    const misdeed = MISDEEDS[part] ?? (this.#flaws.fails() ? 'wrong' : undefined);
    if (misdeed === 'down') response.destroy();
    if (misdeed === 'wrong') response.writeHead(503).end();
    if (misdeed === 'redirecting') response.writeHead(307, { location: '/elsewhere' }).end();
    // To a slow one there is no answer at all.
    return misdeed !== undefined;
  }
}
