import { randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusalWithout, statusOf } from '../../cli/guard.ts';
import { close, listen, LOOPBACK, readBody } from '../http.ts';
import { MAX_RESPONSE_BYTES } from './function-config.ts';
import type { FunctionError, InvokeResult } from './function-config.ts';

/** One invocation, as the runtime gets it. */
export interface Invocation {
  readonly requestId: string;
  readonly payload: string;
  /** Milliseconds since the epoch. */
  readonly deadline: number;
  readonly functionArn: string;
}

/** The Runtime API of one execution environment, which runs one invocation at a time. */
export interface RuntimeApi {
  /** `host:port`, for AWS_LAMBDA_RUNTIME_API. */
  readonly address: string;
  /** The token that the runtime must send with each request, as `Authorization: Bearer <token>`. */
  readonly token: string;
  /** Resolves when the runtime asks for an invocation; rejects with an {@link InitError} if it reports that it cannot be initialized. */
  idle(): Promise<undefined>;
  /** Hands an invocation to the runtime and resolves to its answer. */
  run(invocation: Invocation): Promise<InvokeResult>;
  close(): Promise<void>;
}

/** The runtime said that it could not be initialized. */
export class InitError extends Error {
  override readonly name = 'InitError';
  readonly details: FunctionError;

  constructor(details: FunctionError) {
    super(`${details.errorType}: ${details.errorMessage}`);
    this.details = details;
  }
}

/** The environment variable that tells the runtime its token. Lambda's own Runtime API has none: it is in a sandbox. */
export const RUNTIME_TOKEN = 'HOOKGATE_RUNTIME_TOKEN';

const ROUTE = /^\/2018-06-01\/runtime\/(?:(init)\/error|invocation\/(next)|invocation\/([^/]+)\/(response|error))$/;

/**
 * Serves the Runtime API, version 2018-06-01 (https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html), to one
 * process, which alone knows the token. Its connection never idles out: the process takes its end for the end of the service.
 */
export async function startRuntimeApi(): Promise<RuntimeApi> {
  const token = randomBytes(32).toString('base64url');
  let asking = newAsking();
  let waiting: ServerResponse | undefined;
  let current: { invocation: Invocation; handed: boolean; resolve: (result: InvokeResult) => void } | undefined;

  const handOver = (): void => {
    if (!waiting || !current || current.handed) return;
    const { requestId, payload, deadline, functionArn } = current.invocation;
    current.handed = true;
    waiting.writeHead(200, {
      'content-type': 'application/json',
      'lambda-runtime-aws-request-id': requestId,
      'lambda-runtime-deadline-ms': String(deadline),
      'lambda-runtime-invoked-function-arn': functionArn,
    });
    waiting.end(payload);
    waiting = undefined;
    asking = newAsking();
  };

  const finish = (requestId: string, result: InvokeResult, response: ServerResponse): void => {
    if (current?.invocation.requestId !== requestId) return reply(response, 400, 'InvalidRequestID');
    const { resolve } = current;
    current = undefined;
    const tooLarge = result.ok && Buffer.byteLength(result.payload) > MAX_RESPONSE_BYTES;
    reply(response, tooLarge ? 413 : 202);
    resolve(tooLarge ? RESPONSE_TOO_LARGE : result);
  };

  const server = createServer((request, response) => {
    onRequest(request, response).catch(() => response.destroy());
  });
  server.keepAliveTimeout = 0;

  async function onRequest(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const refusal = refusalWithout(`Bearer ${token}`, request.headers.authorization, request);
    if (refusal) {
      reply(response, statusOf(refusal), refusal);
      return;
    }
    const [, init, next, requestId, kind] = ROUTE.exec(request.url ?? '') ?? [];
    const body = (await readBody(request)).toString('utf8');
    if (next) {
      waiting = response;
      asking.resolve(undefined);
      handOver();
    } else if (init) {
      reply(response, 202);
      asking.reject(new InitError(readError(body)));
    } else if (requestId !== undefined) {
      const result: InvokeResult =
        kind === 'response' ? { ok: true, payload: body || 'null' } : { ok: false, error: readError(body) };
      finish(requestId, result, response);
    } else reply(response, 404, 'NotFound');
  }

  const port = await listen(server);
  return {
    address: `${LOOPBACK}:${port}`,
    token,
    idle: () => asking.promise,
    run: (invocation) =>
      new Promise((resolve) => {
        current = { invocation, handed: false, resolve };
        handOver();
      }),
    close: () => close(server),
  };
}

function newAsking(): PromiseWithResolvers<undefined> {
  const asking = Promise.withResolvers<undefined>();
  asking.promise.catch(() => undefined);
  return asking;
}

const RESPONSE_TOO_LARGE: InvokeResult = {
  ok: false,
  error: {
    errorType: 'Function.ResponseSizeTooLarge',
    errorMessage: `Response payload size exceeded maximum allowed payload size (${MAX_RESPONSE_BYTES} bytes).`,
  },
};

function reply(response: ServerResponse, status: number, errorType?: string): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(errorType === undefined ? { status: 'OK' } : { errorType }));
}

function readError(body: string): FunctionError {
  try {
    const value = JSON.parse(body) as Partial<FunctionError> | null;
    return {
      errorType: value?.errorType ?? 'Error',
      errorMessage: value?.errorMessage ?? '',
      trace: value?.trace,
    };
  } catch {
    return { errorType: 'Runtime.Unknown', errorMessage: 'the runtime reported an error that is not JSON' };
  }
}
