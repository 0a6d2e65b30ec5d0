import { randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isForwarded, refusalOf, statusOf } from '../guard.ts';
import type { ShellEnvironment } from '../local-gateway.ts';
import { errorCode, OperatorError } from '../operator-error.ts';
import { readBodyUpTo } from '../read-body.ts';
import { refused } from './answer.ts';
import type { Answer } from './answer.ts';
import type { Api } from './api.ts';
import type { Asset, Assets } from './assets.ts';
import { sendAsset } from './assets.ts';
import { HEADERS } from './policy.ts';

/** A console that is served on this machine. */
export interface Console {
  /** The page's URL, with the token of this start behind `#`: a browser sends that part to nobody. */
  readonly address: string;
  stop(): Promise<void>;
}

export interface ConsoleParts {
  readonly api: Api;
  /** The page's files, built when they are first asked for. */
  readonly assets: () => Promise<Assets>;
  /** 0 takes a free port. */
  readonly port: number;
  readonly token?: string;
}

const LOOPBACK = '127.0.0.1';
const API_PREFIX = '/api/';
/** The most bytes of a request: more than any input of an operation has. */
const MAX_BYTES = 256 * 1024;

/**
 * Serves the console on loopback. Anybody on this machine can have the page, which holds nothing; its API takes the token of this
 * start in a header that no page of another site can send. Throws an {@link OperatorError} if the port cannot be had.
 */
export async function serveConsole({ api, assets, port, token = newToken() }: ConsoleParts): Promise<Console> {
  const server = createServer((request, response) => {
    serve(request, response, { api, assets, token }).catch((error: unknown) => {
      // The error's message can repeat a sender's text: its name is enough to look for it.
      if (response.headersSent) response.destroy();
      else sendAnswer(response, refused('failed', `The console failed (${errorCode(error)}).`));
    });
  });
  server.listen(port, LOOPBACK);
  await once(server, 'listening').catch((error: unknown) => {
    throw new OperatorError(`The console cannot listen on port ${port} of ${LOOPBACK} (${errorCode(error)}).`);
  });
  return {
    address: `http://${LOOPBACK}:${(server.address() as AddressInfo).port}/#token=${token}`,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The port that the environment names for the console; 0, which takes a free one, if it names none. */
export function consolePort({ HOOKGATE_CONSOLE_PORT: text = '' }: ShellEnvironment): number {
  const port = text === '' ? 0 : Number(text);
  if (/^\d*$/.test(text) && port <= 65_535) return port;
  throw new OperatorError(`HOOKGATE_CONSOLE_PORT must be a whole number up to 65535, and is "${text}".`);
}

const newToken = (): string => randomBytes(32).toString('base64url');

type Served = Pick<ConsoleParts, 'api' | 'assets'> & { readonly token: string };

async function serve(request: IncomingMessage, response: ServerResponse, served: Served): Promise<void> {
  const found = await find(request, served);
  if ('identity' in found) sendAsset(request, response, found);
  else sendAnswer(response, found);
}

/** Returns the file or the answer for a request, or its refusal. */
async function find(request: IncomingMessage, served: Served): Promise<Asset | Answer> {
  const refusal = refusalOf(request) ?? (isForwarded(request) ? 'forwarded' : undefined);
  if (refusal) return { status: statusOf(refusal), body: { error: refusal } };
  const { pathname } = new URL(request.url ?? '/', 'http://localhost');
  if (pathname.startsWith(API_PREFIX)) return answerOf(request, pathname.slice(API_PREFIX.length), served);
  if (request.method !== 'GET' && request.method !== 'HEAD')
    return { status: 405, body: { error: 'method_not_allowed' } };
  return (await served.assets()).get(pathname) ?? { status: 404, body: { error: 'not_found' } };
}

async function answerOf(request: IncomingMessage, path: string, { api, token }: Served): Promise<Answer> {
  const { method = '', headers } = request;
  if (!isToken(token, headers.authorization))
    return refused('not-authorized', 'Open the address that was printed when this console was started.');
  const body = method === 'POST' ? await jsonOf(request) : undefined;
  if (body !== undefined && 'problem' in body) return refused('input', body.problem);
  const name = decoded(path);
  return name === undefined
    ? refused('input', 'The path is not percent-encoded UTF-8.')
    : api(method, name, body?.value);
}

function isToken(token: string, authorization: string | undefined): boolean {
  const [expected, given] = [Buffer.from(`Bearer ${token}`), Buffer.from(authorization ?? '')];
  return expected.length === given.length && timingSafeEqual(expected, given);
}

async function jsonOf(request: IncomingMessage): Promise<{ readonly value: unknown } | { readonly problem: string }> {
  const type = request.headers['content-type']?.split(';')[0]?.trim();
  if (type !== 'application/json') return { problem: 'Send JSON, as application/json.' };
  const bytes = await readBodyUpTo(request, MAX_BYTES);
  if (!bytes) return { problem: `Send ${MAX_BYTES} bytes at most.` };
  try {
    return { value: JSON.parse(bytes.toString('utf8')) as unknown };
  } catch {
    return { problem: 'That is not JSON.' };
  }
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}

function sendAnswer(response: ServerResponse, { status, body }: Answer): void {
  response.writeHead(status, { ...HEADERS, 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
