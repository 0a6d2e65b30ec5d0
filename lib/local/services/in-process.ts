import { ServerResponse } from 'node:http';
import type { IncomingMessage, OutgoingHttpHeaders, Server } from 'node:http';
import { Readable } from 'node:stream';
import type { AwsRequest, AwsResponse, StandIn } from './stand-in.ts';

/**
 * Hands calls to an HTTP server of this process without a connection between: a socket to itself costs the gateway as much as
 * the call, and half of its throughput.
 */
export const callInProcess =
  (server: Server): StandIn =>
  (request) =>
    new Promise((resolve) => {
      const incoming = incomingOf(request);
      server.emit('request', incoming, new CapturedResponse(incoming, resolve));
    });

function incomingOf({ method, path, headers, body }: AwsRequest): IncomingMessage {
  const message = { method, url: path, headers, httpVersionMajor: 1, httpVersionMinor: 1 };
  return Object.assign(Readable.from([body]), message) as unknown as IncomingMessage;
}

/** A response that goes to the caller in place of a socket. */
class CapturedResponse extends ServerResponse {
  readonly #chunks: Buffer[] = [];
  readonly #resolve: (response: AwsResponse) => void;

  constructor(request: IncomingMessage, resolve: (response: AwsResponse) => void) {
    super(request);
    this.#resolve = resolve;
  }

  override writeHead(status: number, ...rest: readonly unknown[]): this {
    this.statusCode = status;
    for (const [name, value] of Object.entries((rest.at(-1) ?? {}) as OutgoingHttpHeaders)) {
      if (value !== undefined) this.setHeader(name, value);
    }
    return this;
  }

  override write(chunk: unknown): boolean {
    if (typeof chunk === 'string') this.#chunks.push(Buffer.from(chunk));
    else if (chunk instanceof Uint8Array) this.#chunks.push(Buffer.from(chunk));
    return true;
  }

  override end(chunk?: unknown): this {
    this.write(chunk);
    this.#resolve({ status: this.statusCode, headers: handedOn(this.getHeaders()), body: Buffer.concat(this.#chunks) });
    this.emit('finish');
    return this;
  }
}

const OF_THE_CONNECTION = new Set(['connection', 'keep-alive', 'transfer-encoding', 'content-length', 'date']);

/** What a server says of its answer, without what it says of the connection. */
const handedOn = (
  headers: Readonly<Record<string, number | string | readonly string[] | undefined>>,
): Record<string, string | readonly string[]> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || OF_THE_CONNECTION.has(name)
        ? []
        : [[name, typeof value === 'number' ? String(value) : value] as const],
    ),
  );
