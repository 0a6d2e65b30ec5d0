import process from 'node:process';
import type { HookgateConfig } from '../lib/config/config.ts';
import type { Settings } from '../lib/config/settings.ts';
import { localPort } from '../cli/local-gateway.ts';
import type { ShellEnvironment } from '../cli/local-gateway.ts';
import type { Console } from '../cli/console/server.ts';
import { startConsole } from './console.ts';
import { startFakeProviders } from './fake-providers/server.ts';
import type { FakeProviders } from './fake-providers/server.ts';
import { withFakeProviders } from './fake-providers/settings.ts';
import { startGateway } from './gateway.ts';
import type { LocalGateway } from './gateway.ts';
import { explained, Interrupted } from './start-failure.ts';

/** Loads the configuration with its settings changed. */
type LoadConfig = (change?: (settings: Settings) => Settings) => HookgateConfig;

/** The exit code of a process that SIGINT ended before it had done anything. */
const INTERRUPTED = 130;

/**
 * Runs the gateway on this machine until a signal ends it. Throws an error that says in one line what is wrong and what to
 * do if it cannot start.
 */
export async function runLocally(load: LoadConfig, environment: ShellEnvironment): Promise<boolean> {
  const port = localPort(environment);
  const interruption = new AbortController();
  const interrupted = new Promise<void>((resolve) => {
    interruption.signal.addEventListener('abort', () => resolve(), { once: true });
  });
  // A second Ctrl-C ends the process at once; the functions then end with it.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.once(signal, () => interruption.abort(new Interrupted()));
  let fakes: FakeProviders | undefined;
  let shown: Console | undefined;
  let isReady = false;
  try {
    fakes = environment.HOOKGATE_FAKE_PROVIDERS === '1' ? await startFakeProviders() : undefined;
    const url = fakes?.url;
    const config = load((settings) => (url === undefined ? settings : withFakeProviders(settings, url)));
    const gateway = await startGateway({
      ...{ port, config, environment, log: logLine, signal: interruption.signal },
      dataDirectory: environment.HOOKGATE_DATA_DIR === '' ? undefined : environment.HOOKGATE_DATA_DIR,
    });
    shown = await startConsole(gateway.url, config, environment).catch(async (error: unknown) => {
      await gateway.stop();
      throw error;
    });
    isReady = true;
    for (const line of welcome(gateway, shown, url)) console.log(line);
    await interrupted;
    await gateway.stop();
    return true;
  } catch (error) {
    if (!isReady && (await wasInterrupted(interruption.signal))) {
      console.error('Interrupted before the gateway was ready.');
      process.exitCode = INTERRUPTED;
      return true;
    }
    if (environment.HOOKGATE_DEBUG === '1') console.error(error);
    throw isReady ? error : explained(error);
  } finally {
    await shown?.stop();
    await fakes?.stop();
  }
}

/** Ctrl-C goes to every process of the terminal: what it ended may be known here before the signal itself. */
async function wasInterrupted(signal: AbortSignal): Promise<boolean> {
  await new Promise((resolve) => setTimeout(resolve, 50));
  return signal.aborted;
}

function welcome({ url, sources }: LocalGateway, { address }: Console, fakeProviders: string | undefined): string[] {
  const width = Math.max(...sources.map(({ name }) => name.length));
  return [
    `Hookgate is listening on ${url}`,
    ...sources.map((source) => `  ${source.name.padEnd(width)}  ${source.url}`),
    `See it in a browser: ${address}`,
    `Try it with: npm run demo. Look inside: ${url}/_local/events, /_local/bus, /_local/queues`,
    ...(fakeProviders === undefined
      ? []
      : [`Stand-ins for the providers' APIs: ${fakeProviders} (docs/missed-events.md)`]),
  ];
}

/** Metrics are log lines in AWS; nobody reads them in a terminal. */
const logLine = (line: string): void => {
  if (!line.includes('"_aws":{')) console.log(line);
};
