import { randomUUID } from 'node:crypto';
import type { HookgateConfig } from '../lib/config/config.ts';
import type { Api } from '../cli/console/api.ts';
import { consoleAssets } from '../cli/console/build.ts';
import { consolePort, serveConsole } from '../cli/console/server.ts';
import type { Console } from '../cli/console/server.ts';
import type { ShellEnvironment } from '../cli/local-gateway.ts';

/** Serves the console of the gateway that listens on `url`. The code of its API is loaded when somebody looks. */
export function startConsole(url: string, config: HookgateConfig, environment: ShellEnvironment): Promise<Console> {
  const context = {
    env: { ...environment, PORT: new URL(url).port },
    loadConfig: () => config,
    clock: () => Date.now(),
    newId: () => randomUUID(),
  };
  let loaded: Promise<Api> | undefined;
  const api: Api = async (...request) => {
    loaded ??= import('../cli/console/api.ts').then(({ consoleApi }) =>
      consoleApi({ local: true, allowChanges: true }, context),
    );
    return (await loaded)(...request);
  };
  return serveConsole({ api, assets: consoleAssets(), port: consolePort(environment) });
}
