import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { environment } from './sandbox.ts';
import type { Outcome } from './program.ts';
import type { Sandbox } from './sandbox.ts';
import { senders } from './signer.ts';
import type { ProviderName } from './signer.ts';
import { freePort } from '../free-port.ts';

/** How long anything may take on a machine that is busy with something else. */
const PATIENCE_MS = 120_000;

/** The gateway's answer. */
export interface Reply {
  readonly status: number;
  readonly body: unknown;
}

/** `npm start`, seen as anybody sees it: what it prints, and HTTP. */
export class Gateway {
  readonly #sandbox: Sandbox;
  readonly #child: ChildProcess;
  #hasRun = false;
  readonly port: number;
  readonly url: string;
  /** All that it has printed. */
  out = '';
  err = '';

  private constructor(sandbox: Sandbox, port: number, variables: NodeJS.ProcessEnv) {
    this.#sandbox = sandbox;
    this.port = port;
    this.url = `http://127.0.0.1:${port}`;
    const env = environment({ ...variables, PORT: String(port) });
    this.#child = spawn(sandbox.node, sandbox.script('start'), { cwd: sandbox.directory, env });
    this.#child.stdout?.on('data', (data: Buffer) => (this.out += data.toString()));
    this.#child.stderr?.on('data', (data: Buffer) => (this.err += data.toString()));
  }

  /** Resolves when the line is there that says so. */
  static async start(sandbox: Sandbox, variables: NodeJS.ProcessEnv): Promise<Gateway> {
    const gateway = new Gateway(sandbox, await freePort(), variables);
    await eventually(() => {
      if (gateway.#child.exitCode !== null) throw new Error(`npm start ended: ${gateway.out}${gateway.err}`);
      return gateway.out.includes(`Hookgate is listening on ${gateway.url}\n`);
    });
    return gateway;
  }

  /** Ends it as Ctrl-C does; resolves to its exit code. */
  async stop(): Promise<number | null> {
    if (this.#child.exitCode === null) {
      this.#child.kill('SIGINT');
      await once(this.#child, 'close');
    }
    return this.#child.exitCode;
  }

  async request(method: string, path: string, body?: unknown): Promise<Reply> {
    const json = body === undefined ? {} : { body: JSON.stringify(body) };
    const headers = { 'content-type': 'application/json' };
    return reply(await fetch(new URL(path, this.url), { method, headers, ...json }));
  }

  /** The body of a view that must be there. */
  async view<Body>(path: string): Promise<Body> {
    const { status, body } = await this.request('GET', path);
    if (status !== 200) throw new Error(`GET ${path} answers ${status}`);
    return body as Body;
  }

  /** Delivers a body to a source as its provider does. */
  async deliver(source: string, provider: ProviderName, body: Buffer, secret = secretOf(source)): Promise<Reply> {
    const url = `${this.url}/webhooks/${source}`;
    const headers = { ...senders[provider].sign(body, secret, url), 'content-type': 'application/json' };
    return reply(await fetch(url, { method: 'POST', headers, body: new Uint8Array(body) }));
  }

  /** `npm run ops -- <line> --local --json`: the first is a process of its own, as a shell would start it. */
  async ops(line: string, input = ''): Promise<Outcome & { readonly json: unknown }> {
    const run = this.#hasRun ? 'runAgain' : 'run';
    this.#hasRun = true;
    const given = [...line.split(' '), '--local', '--json'];
    const outcome = await this.#sandbox[run]('ops', given, { PORT: String(this.port) }, input);
    return { ...outcome, json: outcome.out === '' ? undefined : (JSON.parse(outcome.out) as unknown) };
  }
}

/** README: the signing secret of a source on this machine when the environment names none. */
export const secretOf = (source: string): string => `local-secret-${source}`;

async function reply(response: Response): Promise<Reply> {
  const text = await response.text();
  return { status: response.status, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

/** Asks until there is something; a bound for a hang, not a measure of speed. */
export async function eventually<Value>(ask: () => Value | Promise<Value>): Promise<NonNullable<Value>> {
  const end = Date.now() + PATIENCE_MS;
  for (;;) {
    const value = await ask();
    if (value !== false && value !== undefined && value !== null) return value;
    if (Date.now() > end) throw new Error(`nothing came of this within ${PATIENCE_MS} ms: ${String(ask)}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
