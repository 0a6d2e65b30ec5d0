import { buildSync } from 'esbuild';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FunctionConfig, InvokeResult, LambdaHost } from './function-config.ts';
import { localFunction } from './local-function.ts';
import type { LocalFunction } from './local-function.ts';

export interface LocalFunctions {
  readonly invoke: (target: FunctionConfig, payload: string) => Promise<InvokeResult>;
  /** The function of that name. */
  find(name: string): LocalFunction | undefined;
  /** Ends a function's processes at once, as a crash would. Resolves to the payloads of the invocations under way. */
  readonly crash: (name: string) => Promise<readonly string[]>;
  stop(): Promise<void>;
}

export interface FunctionsHost extends Pick<LambdaHost, 'awsEndpoint' | 'awsToken' | 'region'> {
  /** A directory for what the functions need beside their code. */
  readonly directory: string;
  readonly log: (line: string) => void;
}

/**
 * Makes the functions ready to be invoked. Each gets a first execution environment in the background, one after the other, so
 * that neither the start of the gateway nor the first delivery waits for all of them.
 */
export async function startFunctions(
  configs: readonly FunctionConfig[],
  { directory, awsEndpoint, awsToken, region, log }: FunctionsHost,
): Promise<LocalFunctions> {
  const host: LambdaHost = {
    ...{ awsEndpoint, awsToken, region },
    bootstrap: compileBootstrap(directory),
    homeDirectory: join(directory, 'home'),
    log: (functionName, line) => log(`[${functionName}] ${line}`),
  };
  await mkdir(host.homeDirectory);
  const functions = new Map(configs.map((config) => [config.name, localFunction(config, host)]));
  void prewarm([...functions.values()]);
  return {
    invoke: (target, payload) => {
      const found = functions.get(target.name);
      return found ? found.invoke(payload) : Promise.reject(new Error(`there is no function ${target.name}`));
    },
    find: (name) => functions.get(name),
    crash: async (name) => (await functions.get(name)?.crash()) ?? [],
    async stop() {
      await Promise.all([...functions.values()].map((each) => each.stop()));
    },
  };
}

async function prewarm(functions: readonly { prewarm(): Promise<void> }[]): Promise<void> {
  for (const each of functions) await each.prewarm();
}

/** Node could run the TypeScript itself, at 30 ms and 17 MB a process. */
export function compileBootstrap(directory: string): string {
  const outfile = join(directory, 'bootstrap.mjs');
  const entry = fileURLToPath(new URL('bootstrap.ts', import.meta.url));
  buildSync({ entryPoints: [entry], outfile, format: 'esm', target: 'node24', logLevel: 'silent' });
  return outfile;
}
