/**
 * The runtime of a function on this machine: loads the handler, then asks the Runtime API for one invocation after the
 * other. It imports nothing but Node's own modules, because it runs beside the bundle and not in it.
 */
import { existsSync } from 'node:fs';
import { Agent, request } from 'node:http';
import type { IncomingHttpHeaders } from 'node:http';
import { join } from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

type Handler = (event: unknown, context: object) => unknown;

interface Answer {
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

const environment = (name: string): string => process.env[name] ?? '';
const headers = { authorization: `Bearer ${environment('HOOKGATE_RUNTIME_TOKEN')}` };
const [host = '', port = ''] = environment('AWS_LAMBDA_RUNTIME_API').split(':');
// One connection for the life of this process: when it ends, the gateway has gone, however it went.
const agent = new Agent({ keepAlive: true, maxSockets: 1 });
let currentRequestId: string | undefined;

function call(method: 'GET' | 'POST', path: string, body?: string): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const options = { host, port, method, path: `/2018-06-01/runtime${path}`, headers, agent };
    const outgoing = request(options, (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('end', () => resolve({ headers: incoming.headers, body: Buffer.concat(chunks).toString('utf8') }));
      incoming.on('error', reject);
    });
    outgoing.on('socket', (socket) => {
      if (socket.listenerCount('close', quit) === 0) socket.on('close', quit);
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

function quit(): void {
  process.exit(0);
}

function describe(error: unknown): string {
  return error instanceof Error
    ? JSON.stringify({ errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') })
    : JSON.stringify({ errorType: typeof error, errorMessage: String(error), trace: [] });
}

async function loadHandler(): Promise<Handler> {
  const name = environment('_HANDLER');
  const dot = name.lastIndexOf('.');
  const stem = join(environment('LAMBDA_TASK_ROOT'), name.slice(0, dot));
  const file = ['.js', '.mjs', '.cjs'].map((extension) => stem + extension).find((path) => existsSync(path));
  if (file === undefined) throw named('Runtime.ImportModuleError', `Cannot find module '${name.slice(0, dot)}'`);
  const loaded = (await import(pathToFileURL(file).href)) as Record<string, unknown> & {
    default?: Record<string, unknown>;
  };
  const exportName = name.slice(dot + 1);
  const handler = loaded[exportName] ?? loaded.default?.[exportName];
  if (typeof handler !== 'function') {
    throw named('Runtime.HandlerNotFound', `${name} is undefined or not exported`);
  }
  return handler as Handler;
}

const named = (name: string, message: string): Error => Object.assign(new Error(message), { name });

function contextOf(requestId: string, headers: IncomingHttpHeaders): object {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  return {
    awsRequestId: requestId,
    functionName: environment('AWS_LAMBDA_FUNCTION_NAME'),
    functionVersion: environment('AWS_LAMBDA_FUNCTION_VERSION'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    memoryLimitInMB: environment('AWS_LAMBDA_FUNCTION_MEMORY_SIZE'),
    logGroupName: environment('AWS_LAMBDA_LOG_GROUP_NAME'),
    logStreamName: environment('AWS_LAMBDA_LOG_STREAM_NAME'),
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
}

async function runNext(handler: Handler): Promise<void> {
  const { headers, body } = await call('GET', '/invocation/next');
  const requestId = String(headers['lambda-runtime-aws-request-id']);
  currentRequestId = requestId;
  try {
    const answer: unknown = await handler(JSON.parse(body), contextOf(requestId, headers));
    await call('POST', `/invocation/${requestId}/response`, JSON.stringify(answer));
  } catch (error) {
    await call('POST', `/invocation/${requestId}/error`, describe(error));
  }
  currentRequestId = undefined;
}

/** An error that nobody caught fails the invocation under way, and ends the process, as in Lambda. */
async function die(errorType: string, error: unknown, exitCode: number): Promise<void> {
  if (currentRequestId !== undefined) {
    const errorMessage = error instanceof Error ? error.message : String(error);
    await call('POST', `/invocation/${currentRequestId}/error`, JSON.stringify({ errorType, errorMessage }));
  }
  process.exit(exitCode);
}

// The terminal sends Ctrl-C to the whole process group; the gateway alone decides when a function ends.
process.on('SIGINT', () => undefined);
process.on('uncaughtException', (error) => void die('Runtime.UnhandledException', error, 129));
process.on('unhandledRejection', (error) => void die('Runtime.UnhandledPromiseRejection', error, 128));

let handler: Handler;
try {
  handler = await loadHandler();
} catch (error) {
  await call('POST', '/init/error', describe(error));
  process.exit(1);
}
for (;;) await runNext(handler);
