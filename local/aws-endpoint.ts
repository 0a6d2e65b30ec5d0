import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { CallLog } from './call-log.ts';
import { eventKeys } from './event-keys.ts';
import type { Faults } from './faults.ts';
import { resourceOf } from './call-resource.ts';
import { refusalWithout, statusOf } from '../cli/guard.ts';
import { close, listen, LOOPBACK, readBody } from './http.ts';
import { functionOf } from './lambda/caller.ts';
import { errorResponse, xmlErrorResponse } from './services/stand-in.ts';
import { answerWithFault } from './answer-with-fault.ts';
import type { AwsRequest, AwsResponse, StandIn } from './services/stand-in.ts';

export interface AwsEndpoint {
  readonly url: string;
  stop(): Promise<void>;
}

export interface AwsEndpointParts {
  /** The session token that a caller must have. Every other is refused. */
  readonly token: string;
  /** By signing name. */
  readonly services: Readonly<Record<string, StandIn>>;
  readonly calls: CallLog;
  readonly faults: Faults;
  readonly log: (line: string) => void;
}

/**
 * The one address to which every function's AWS_ENDPOINT_URL points. Each call says by its signature which service it is
 * for and which function makes it; it is recorded, may meet a fault, and goes to the service's stand-in. Signatures are not
 * checked: the token is, which an SDK sends as the session token of its credentials, and which no web page can know or send.
 */
export async function startAwsEndpoint(parts: AwsEndpointParts): Promise<AwsEndpoint> {
  const server = createServer((request, response) => {
    serve(request, parts)
      .catch((error: unknown) => {
        parts.log(`the AWS endpoint failed: ${error instanceof Error ? error.message : String(error)}`);
        return errorResponse(500, 'InternalFailure', 'the local stand-in failed');
      })
      .then(
        (answer) => (answer ? send(response, answer) : response.destroy()),
        () => response.destroy(),
      );
  });
  const port = await listen(server);
  return { url: `http://${LOOPBACK}:${port}`, stop: () => close(server) };
}

/** Resolves to the answer, or to undefined if none is to be given. */
async function serve(
  incoming: IncomingMessage,
  { token, services, calls, faults }: AwsEndpointParts,
): Promise<AwsResponse | undefined> {
  const refusal = refusalWithout(token, incoming.headers['x-amz-security-token'], incoming);
  if (refusal) {
    const isS3 = CREDENTIAL.exec(incoming.headers.authorization ?? '')?.[2] === 's3';
    return (isS3 ? xmlErrorResponse : errorResponse)(statusOf(refusal), 'UnrecognizedClientException', refusal);
  }
  const { request, caller } = await readRequest(incoming);
  const call = { function: caller, service: request.service, action: request.action };
  const fault = faults.take({ ...call, body: request.body });
  const standIn = Object.hasOwn(services, request.service) ? services[request.service] : undefined;
  const run = () => (standIn ? standIn(request) : unknownService(request));
  const answer = fault ? await answerWithFault(fault, request, run, () => callerGone(incoming)) : await run();
  const met = fault && {
    fault: fault.kind,
    tookEffect: fault.after || fault.kind === 'slow',
    keys: eventKeys(request),
  };
  calls.add({ ...call, resource: resourceOf(request), status: answer?.status ?? 0, ...met });
  return answer;
}

const unknownService = ({ service }: AwsRequest): AwsResponse =>
  errorResponse(400, 'UnknownService', `there is no local stand-in for ${service}`);

/** Milliseconds after which a call without an answer is ended here, if its caller has not given it up by then. */
const SILENCE_MS = 60_000;

/** Resolves when the caller has gone. */
const callerGone = async ({ socket }: IncomingMessage): Promise<void> => {
  if (socket.destroyed) return;
  await once(socket, 'close', { signal: AbortSignal.timeout(SILENCE_MS) }).catch(() => undefined);
};

/** The credential scope of a Signature Version 4: access key id, date, region, service. */
const CREDENTIAL = /Credential=([^/,\s]+)\/\d{8}\/[^/,\s]+\/([^/,\s]+)\/aws4_request/;

async function readRequest(incoming: IncomingMessage): Promise<{ request: AwsRequest; caller: string | undefined }> {
  const { headers, method = 'POST', url: path = '/' } = incoming;
  const [, accessKeyId = '', service = 'unknown'] = CREDENTIAL.exec(headers.authorization ?? '') ?? [];
  const target = headers['x-amz-target'];
  // S3 has no such header; its client says the same in the query.
  const stated = new URLSearchParams(path.split('?')[1]).get('x-id') ?? method;
  const action = typeof target === 'string' ? target.slice(target.lastIndexOf('.') + 1) : stated;
  const request = { service, action, method, path, headers, body: await readBody(incoming) };
  return { request, caller: functionOf(accessKeyId) };
}

function send(response: ServerResponse, { status, headers, body }: AwsResponse): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  response.writeHead(status, { 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
