import { randomBytes } from 'node:crypto';
import type { Socket } from 'node:dgram';

/** The outcome of a call, as far as a trace may tell: no input, no output, no message of an error. */
interface Outcome {
  readonly status?: number | undefined;
  readonly requestId?: string | undefined;
}

/** The SDK's own types of middleware differ for each client. */
interface MiddlewareStack {
  add(middleware: Middleware, options: { readonly step: 'initialize'; readonly name: string }): void;
}
type Next = (args: unknown) => Promise<{ readonly output: unknown }>;
type Middleware = (next: Next, context: { readonly commandName?: string }) => Next;

interface Traceable {
  readonly middlewareStack: { use(plugin: { applyToStack: (stack: unknown) => void }): void };
}

/**
 * Has X-Ray see each call of an AWS client: a subsegment with the service, the operation, its times and its status
 * (https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html). The SDK of X-Ray would take longer to load
 * than everything else here. It does nothing if there is no daemon, as on one machine, or if the request is not sampled.
 */
export function traced<Client extends Traceable>(client: Client, service: string): Client {
  const middleware: Middleware =
    (next, { commandName = 'Unknown' }) =>
    async (args) => {
      const send = sender();
      if (!send) return next(args);
      const start = Date.now();
      const finish = (outcome: Outcome): void =>
        send({
          name: service,
          namespace: 'aws',
          start_time: start / 1000,
          end_time: Date.now() / 1000,
          aws: { operation: commandName.replace(/Command$/, ''), request_id: outcome.requestId },
          ...(outcome.status !== undefined && { http: { response: { status: outcome.status } } }),
          ...flags(outcome.status),
        });
      try {
        const result = await next(args);
        finish(outcomeOf(result.output));
        return result;
      } catch (error) {
        finish(outcomeOf(error, 0));
        throw error;
      }
    };
  client.middlewareStack.use({
    applyToStack: (stack) => (stack as MiddlewareStack).add(middleware, { step: 'initialize', name: 'hookgateTrace' }),
  });
  return client;
}

/** The outcome that the metadata tells; without a status there it is `status`, and 0 stands for no answer. */
function outcomeOf(value: unknown, status?: number): Outcome {
  const { $metadata: metadata } = (value ?? {}) as {
    $metadata?: { readonly httpStatusCode?: number; readonly requestId?: string };
  };
  return { status: metadata?.httpStatusCode ?? status, requestId: metadata?.requestId };
}

const flags = (status = 200): object => {
  if (status === 0 || status >= 500) return { fault: true };
  if (status === 429) return { error: true, throttle: true };
  return status >= 400 ? { error: true } : {};
};

let socket: Socket | undefined;

/** Returns a function that sends a subsegment of the trace that this invocation belongs to; undefined if no trace is kept. */
function sender(): ((subsegment: object) => void) | undefined {
  const { _X_AMZN_TRACE_ID: header = '', AWS_XRAY_DAEMON_ADDRESS: daemon = '' } = process.env;
  const {
    Root: root,
    Parent: parent,
    Sampled: sampled,
  } = Object.fromEntries(header.split(';').map((part) => part.split('=', 2))) as Partial<Record<string, string>>;
  const [host, port] = daemon.split(':');
  if (!host || !port || !root || !parent || sampled !== '1') return undefined;
  return (subsegment) => {
    const id = randomBytes(8).toString('hex');
    const document = { ...subsegment, type: 'subsegment', id, trace_id: root, parent_id: parent };
    if (!socket) {
      // Loaded here, because most invocations send nothing.
      socket = process.getBuiltinModule('node:dgram').createSocket('udp4').unref();
      // A lost trace is not a failure.
      socket.on('error', () => undefined);
    }
    socket.send(`{"format":"json","version":1}\n${JSON.stringify(document)}`, Number(port), host, () => undefined);
  };
}
