import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import type { AwsCall } from '../../local/call-log.ts';
import type { OperatorAccess } from '../../local/stack-view.ts';
import { opsCommand } from '../../cli/ops/command.ts';
import { ORDERED_RUN, RECEIVER, soakConfig } from './settings.ts';

export type ToGateway = { readonly kind: 'stop' } | { readonly kind: 'crash'; readonly name: string };

export interface Addresses {
  readonly url: string;
  readonly aws: OperatorAccess;
  readonly fakeProviders: string;
}

export type FromGateway =
  | ({ readonly kind: 'ready' } & Addresses)
  | { readonly kind: 'met'; readonly call: AwsCall }
  | { readonly kind: 'error'; readonly reason: string }
  | { readonly kind: 'crashed'; readonly name: string; readonly keys: readonly string[] }
  /** A function was ended without an answer, by a crash or at its time-out, while it had these events. */
  | { readonly kind: 'unanswered'; readonly errorType: string; readonly keys: readonly string[] };

export interface GatewayProcessOptions {
  /** Where the gateway keeps what it holds; in memory if there is none. */
  readonly dataDirectory?: string;
  readonly onMessage?: (message: FromGateway) => void;
}

/** The longest that the gateway takes to start, with a margin for a busy machine. */
const START_MS = 180_000;
/** Megabytes of heap for a gateway that holds in memory all that a long run has sent, some 40 KB for each event. */
const HEAP_MB = 12_288;
const MAIN = fileURLToPath(new URL('gateway-main.ts', import.meta.url));

/** A gateway in a process of its own, which can be stopped, or killed, and started again on the same data and port. */
export class GatewayProcess {
  readonly #options: GatewayProcessOptions;
  #child: ChildProcess | undefined;
  #addresses: Addresses | undefined;

  constructor(options: GatewayProcessOptions = {}) {
    this.#options = options;
  }

  get addresses(): Addresses {
    if (!this.#addresses) throw new Error('the gateway has not been started');
    return this.#addresses;
  }

  async start(): Promise<void> {
    const port = this.#addresses ? new URL(this.#addresses.url).port : '0';
    const kept = this.#options.dataDirectory;
    const told = [ORDERED_RUN, RECEIVER].flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value] as const];
    });
    const environment = {
      ...{ PATH: process.env.PATH, PORT: port },
      ...(kept !== undefined && { HOOKGATE_DATA_DIR: kept }),
      ...Object.fromEntries(told),
    };
    const child = fork(MAIN, {
      env: environment,
      execArgv: [`--max-old-space-size=${HEAP_MB}`],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    });
    this.#child = child;
    this.#addresses = await new Promise<Addresses>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error('the gateway did not start in time')), START_MS);
      child.once('exit', (code) => reject(new Error(`the gateway ended with ${code ?? 'a signal'}`)));
      child.on('message', (message: FromGateway) => {
        if (message.kind === 'ready') {
          clearTimeout(late);
          resolve(message);
        }
        this.#options.onMessage?.(message);
      });
    });
  }

  /** Ends a function's processes, as a crash would. */
  crash(name: string): void {
    this.#child?.send({ kind: 'crash', name } satisfies ToGateway, () => undefined);
  }

  /** Ends the gateway: as Ctrl-C does, or at once, wherever it is. Throws if it fails to stop. */
  async end(how: 'stop' | 'kill'): Promise<void> {
    const child = this.#child;
    if (child?.exitCode !== null || child.signalCode !== null) return;
    const ended = once(child, 'exit');
    if (how === 'kill') child.kill('SIGKILL');
    else child.send({ kind: 'stop' } satisfies ToGateway, () => undefined);
    const overdue = setTimeout(() => child.kill('SIGKILL'), 30_000);
    const [code] = (await ended) as [number | null];
    clearTimeout(overdue);
    if (how === 'stop' && code !== 0) throw new Error(`the gateway did not stop as it should: ${code ?? 'killed'}`);
  }

  /** Runs an operator's command on it, as `npm run ops -- --local …` would; resolves to what it prints. Throws if it fails. */
  async ops(args: readonly string[], secret = ''): Promise<string> {
    const printed: string[] = [];
    const codes: number[] = [];
    await opsCommand({
      env: { PORT: new URL(this.addresses.url).port },
      loadConfig: () => soakConfig(this.addresses.fakeProviders),
      clock: () => Date.now(),
      newId: () => randomUUID(),
      via: 'the soak',
      readSecret: () => Promise.resolve(secret),
      print: (text) => printed.push(text),
      printError: (text) => printed.push(text),
      exit: (code) => codes.push(code),
    }).parseAsync(['--local', ...args], { from: 'user' });
    if (codes.some((code) => code !== 0)) throw new Error(`ops ${args.join(' ')} failed: ${printed.join(' ')}`);
    return printed.join('\n');
  }
}
