import process from 'node:process';
import type { HookgateConfig } from '../lib/config/config.ts';
import type { Settings } from '../lib/config/settings.ts';
import { errorCode, OperatorError } from '../cli/operator-error.ts';
import { localPort } from '../cli/local-gateway.ts';
import type { ShellEnvironment } from '../cli/local-gateway.ts';
import { startFakeProviders } from './fake-providers/server.ts';
import { withFakeProviders } from './fake-providers/settings.ts';
import { startGateway } from './gateway.ts';
import type { LocalGateway } from './gateway.ts';

/** Loads the configuration with its settings changed. */
type LoadConfig = (change?: (settings: Settings) => Settings) => HookgateConfig;

/** Runs the gateway on this machine until a signal ends it. Throws an {@link OperatorError} where the port cannot be had. */
export async function runLocally(load: LoadConfig, environment: ShellEnvironment): Promise<boolean> {
  const port = localPort(environment);
  const interrupted = new Promise<void>((resolve) => {
    // A second Ctrl-C ends the process at once; the functions then end with it.
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve());
  });
  const fakes = environment.HOOKGATE_FAKE_PROVIDERS === '1' ? await startFakeProviders() : undefined;
  try {
    const config = load((settings) => (fakes ? withFakeProviders(settings, fakes.url) : settings));
    const gateway = await start(config, environment, port);
    for (const line of welcome(gateway, fakes?.url)) console.log(line);
    await interrupted;
    await gateway.stop();
    return true;
  } finally {
    await fakes?.stop();
  }
}

async function start(config: HookgateConfig, environment: ShellEnvironment, port: number): Promise<LocalGateway> {
  try {
    return await startGateway({
      ...{ port, config, environment, log: logLine },
      dataDirectory: environment.HOOKGATE_DATA_DIR === '' ? undefined : environment.HOOKGATE_DATA_DIR,
    });
  } catch (error) {
    if (errorCode(error) === 'EADDRINUSE') {
      throw new OperatorError(`Port ${port} is in use: stop what listens there, or set PORT to another one.`);
    }
    if (errorCode(error) === 'EACCES') {
      throw new OperatorError(`Port ${port} may not be used: set PORT to one from 1024 on.`);
    }
    throw error;
  }
}

function welcome({ url, sources }: LocalGateway, fakeProviders: string | undefined): string[] {
  const width = Math.max(...sources.map(({ name }) => name.length));
  return [
    `Hookgate is listening on ${url}`,
    ...sources.map((source) => `  ${source.name.padEnd(width)}  ${source.url}`),
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
