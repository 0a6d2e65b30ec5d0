import { readFileSync, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import process from 'node:process';
import { codeFile, IS_COMPILED } from '../../lib/places.ts';
import { environmentBudget } from './environment-budget.ts';
import type { FunctionConfig, InvokeResult, LambdaHost } from './function-config.ts';
import { localFunction } from './local-function.ts';
import type { LocalFunction } from './local-function.ts';

export interface LocalFunctions {
  readonly invoke: (target: FunctionConfig, payload: string) => Promise<InvokeResult>;
  /** The function of that name, or of its name in AWS. */
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
 * Processes of all functions together. Each takes some 80 MB, and the gateway's own 200: one of a hundred sources stays below
 * 1.5 GB. With few functions there is no need to share: under load each then keeps what it has.
 */
const maxProcesses = (functions: number): number => (functions <= 40 ? 40 : 14);

/** Makes the functions ready to be invoked. A process of a function starts when it is first needed. */
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
  const budget = environmentBudget(maxProcesses(configs.length));
  const functions = new Map(configs.map((config) => [config.name, localFunction(config, host, budget)]));
  /** Names by what AWS calls the functions. */
  const byArn = new Map(configs.map(({ name, arn }) => [arn.slice(arn.lastIndexOf(':') + 1), name]));
  return {
    invoke: (target, payload) => {
      const found = functions.get(target.name);
      return found ? found.invoke(payload) : Promise.reject(new Error(`there is no function ${target.name}`));
    },
    find: (name) => functions.get(name) ?? functions.get(byArn.get(name) ?? ''),
    crash: async (name) => (await functions.get(name)?.crash()) ?? [],
    async stop() {
      await Promise.all([...functions.values()].map((each) => each.stop()));
    },
  };
}

/**
 * Writes the bootstrap as JavaScript. Node could run the TypeScript itself, at 30 ms and 17 MB per process; esbuild would leave
 * a process of its own behind.
 */
export function compileBootstrap(directory: string): string {
  const file = join(directory, 'bootstrap.mjs');
  const source = readFileSync(codeFile('local/lambda/bootstrap.ts'), 'utf8');
  const strip = (): string => stripTypeScriptTypes(source, { mode: 'strip' });
  writeFileSync(file, IS_COMPILED ? source : withoutWarning(strip));
  return file;
}

/** Node says at the first use that its own way to strip types is experimental, as it does not when it runs this file. */
function withoutWarning<Value>(run: () => Value): Value {
  const emitWarning = process.emitWarning.bind(process);
  process.emitWarning = () => undefined;
  try {
    return run();
  } finally {
    process.emitWarning = emitWarning;
  }
}
