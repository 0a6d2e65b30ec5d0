import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { refusalOf, statusOf } from '../../cli/guard.ts';
import { readBodyUpTo } from '../../cli/read-body.ts';
import type { FunctionConfig, InvokeResult } from '../lambda/function-config.ts';
import { REQUEST_TOO_LARGE } from '../lambda/local-function.ts';
import { gatewayAnswer } from './gateway-response.ts';
import type { GatewayResponseType, HttpAnswer } from './gateway-response.ts';
import { proxyAnswer } from './proxy-answer.ts';
import { proxyEvent, SOURCE_IP_HEADER, splitOnce } from './proxy-event.ts';
import type { RawRequest } from './proxy-event.ts';
import { isAllowed } from './resource-policy.ts';
import { findRoute } from './rest-api.ts';
import type { Match, RestApi } from './rest-api.ts';

/** Bytes of the largest request body. */
const MAX_BODY_BYTES = 10 * 1024 * 1024;

export interface ApiGatewayParts {
  readonly api: RestApi;
  readonly invoke: (target: FunctionConfig, payload: string) => Promise<InvokeResult>;
  readonly log: (line: string) => void;
  /** Takes each answer of a function: its body, and the event that it answers, both as text. Default: nobody does. */
  readonly onAnswer?: (target: FunctionConfig, event: string, answer: string) => void;
  /** Hosts besides this machine's own that a request may be addressed to. Default: none. */
  readonly isAllowedHost?: (hostname: string) => boolean;
}

/**
 * Answers requests as API Gateway does: request, proxy event, function, proxy answer, answer. First it refuses what a web page
 * may have sent: see {@link refusalOf}.
 */
export async function serveApi(
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  parts: ApiGatewayParts,
): Promise<void> {
  const refusal = refusalOf(incoming, parts.isAllowedHost);
  if (refusal === 'host_not_allowed') parts.log(UNKNOWN_HOST);
  if (refusal) {
    send(outgoing, refused(statusOf(refusal), refusal));
    return;
  }
  const requestId = randomUUID();
  const body = await readBodyUpTo(incoming, MAX_BODY_BYTES);
  const answer = await answerTo(incoming, body, requestId, parts);
  send(outgoing, typeof answer === 'string' ? gatewayAnswer(answer, parts.api.gatewayResponses, requestId) : answer);
}

/** The function's answer, or the type of the answer that API Gateway gives in its place. */
async function answerTo(
  incoming: IncomingMessage,
  body: Buffer | undefined,
  requestId: string,
  parts: ApiGatewayParts,
): Promise<HttpAnswer | GatewayResponseType> {
  const { api, log } = parts;
  const { method = '', url = '', headers } = incoming;
  const [path] = splitOnce(url, '?');
  if (!path.startsWith('/')) return 'BAD_REQUEST';
  const match = findRoute(api.routes, method, path);
  if (!match) return 'MISSING_AUTHENTICATION_TOKEN';

  const stated = headers[SOURCE_IP_HEADER];
  const sourceIp = typeof stated === 'string' ? stated : undefined;
  if (sourceIp !== undefined && !isAllowed(api.policy, { sourceIp, methodPath: `${api.stage}/${method}${path}` })) {
    return 'ACCESS_DENIED';
  }
  if (!body) return 'REQUEST_TOO_LARGE';
  if (!match.route.permitted) {
    log(`API Gateway has no permission to invoke ${match.route.target.name} for ${match.route.resource}`);
    return 'API_CONFIGURATION_ERROR';
  }
  const request: RawRequest = {
    method,
    target: url,
    rawHeaders: incoming.rawHeaders,
    body,
    sourceIp: sourceIp ?? incoming.socket.remoteAddress ?? '',
    requestId,
    receivedAt: Date.now(),
  };
  return integrate(request, match, parts);
}

/** Invokes the function and reads its answer. */
async function integrate(
  request: RawRequest,
  match: Match,
  { api, invoke, log, onAnswer }: ApiGatewayParts,
): Promise<HttpAnswer | GatewayResponseType> {
  const { target, timeoutMs } = match.route;
  const event = JSON.stringify(proxyEvent(request, match, api));
  const result = await within(timeoutMs, invoke(target, event));
  if (!result) return 'INTEGRATION_TIMEOUT';
  if (!result.ok) {
    log(`${target.name} failed: ${result.error.errorType}`);
    return result.error.errorType === REQUEST_TOO_LARGE ? 'REQUEST_TOO_LARGE' : 'BAD_GATEWAY';
  }
  const answer = proxyAnswer(result.payload, request.requestId);
  if (answer) onAnswer?.(target, event, String(answer.body));
  else log(`${target.name} gave a malformed proxy answer`);
  return answer ?? 'BAD_GATEWAY';
}

/** The result, or undefined if it takes longer. */
async function within<Result>(milliseconds: number, result: Promise<Result>): Promise<Result | undefined> {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const timer = setTimeout(resolve, milliseconds, undefined);
  try {
    return await Promise.race([result, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** The local gateway refuses a request before API Gateway's stand-in sees it. */
const refused = (status: number, error: string): HttpAnswer => ({
  status,
  headers: [['content-type', 'application/json']],
  body: JSON.stringify({ error }),
});

const UNKNOWN_HOST =
  'A request for another host was refused. If a tunnel leads here, set publicUrl of the source or HOOKGATE_ALLOWED_HOSTS to its host.';

function send(response: ServerResponse, { status, headers, body }: HttpAnswer): void {
  for (const [name, value] of headers) response.appendHeader(name, value);
  response.writeHead(status, { 'content-length': Buffer.byteLength(body) });
  response.end(body);
}
