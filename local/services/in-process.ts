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

/** A request as an SDK client makes it, as far as it matters here. */
export interface ClientRequest {
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: unknown;
}

/** Has an SDK client of the gateway's own call a stand-in in the same way. */
export const inProcessClient = (standIn: StandIn, service: string) => ({
  async handle({ method, path, headers, body }: ClientRequest, { abortSignal }: { abortSignal?: AbortSignal } = {}) {
    const content = bytesOf(body);
    const lowerCase = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]));
    const call = { service, action: '', method, path, headers: lowerCase, body: content };
    const answer = await unlessAborted(Promise.resolve(standIn(call)), abortSignal);
    const bytes = Buffer.from(answer.body);
    // The client of S3 hands a body on as a stream; the others read it, and read bytes faster.
    const read = service === 's3' ? Readable.from([bytes]) : bytes;
    return { response: { statusCode: answer.status, headers: answer.headers, body: read } };
  },
});

const bytesOf = (body: unknown): Buffer =>
  ArrayBuffer.isView(body)
    ? Buffer.from(body.buffer, body.byteOffset, body.byteLength)
    : Buffer.from(typeof body === 'string' ? body : '');

async function unlessAborted<Value>(value: Promise<Value>, signal: AbortSignal | undefined): Promise<Value> {
  if (!signal) return value;
  signal.throwIfAborted();
  const { promise, reject } = Promise.withResolvers<never>();
  const abort = (): void => reject(new DOMException('aborted', 'AbortError'));
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([value, promise]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

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

/** The headers of a server's answer, without those about the connection, or for web pages. */
const handedOn = (
  headers: Readonly<Record<string, number | string | readonly string[] | undefined>>,
): Record<string, string | readonly string[]> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      value === undefined || OF_THE_CONNECTION.has(name) || name.startsWith('access-control-')
        ? []
        : [[name, typeof value === 'number' ? String(value) : value] as const],
    ),
  );
