import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { environmentBudget } from '../../../local/lambda/environment-budget.ts';
import type { EnvironmentBudget } from '../../../local/lambda/environment-budget.ts';
import type { FunctionConfig, LambdaHost } from '../../../local/lambda/function-config.ts';
import { compileBootstrap } from '../../../local/lambda/functions.ts';
import { localFunction } from '../../../local/lambda/local-function.ts';
import type { LocalFunction } from '../../../local/lambda/local-function.ts';
import { temporaryDirectory } from '../temporary.ts';

/** A function made of a few lines of code, with what it logs. */
export interface TestFunction extends LocalFunction {
  readonly lines: readonly string[];
  /** Invokes it and parses what the handler answers; throws if the invocation failed. */
  call(event: unknown): Promise<unknown>;
  /** Ends its processes and removes its code. */
  dispose(): Promise<void>;
}

/** Runs the source text of a CommonJS module, as a bundle is one. */
export function testFunction(
  code: string,
  changes: Partial<FunctionConfig> = {},
  budget: EnvironmentBudget = environmentBudget(Infinity),
): TestFunction {
  const directory = temporaryDirectory();
  directory.write('index.js', code);
  mkdirSync(join(directory.path, 'home'));
  const lines: string[] = [];
  const host: LambdaHost = {
    bootstrap: compileBootstrap(directory.path),
    homeDirectory: join(directory.path, 'home'),
    awsEndpoint: 'http://127.0.0.1:1',
    awsToken: 'token',
    region: 'eu-west-1',
    log: (_name, line) => void lines.push(line),
  };
  const config: FunctionConfig = {
    name: 'TestFunction',
    arn: 'arn:aws:lambda:eu-west-1:000000000000:function:TestFunction',
    handler: 'index.handler',
    codeDirectory: directory.path,
    memoryMb: 128,
    timeoutMs: 5_000,
    logFormat: 'JSON',
    environment: {},
    maxEnvironments: 4,
    ...changes,
  };
  const running = localFunction(config, host, budget);
  return {
    ...running,
    lines,
    async call(event) {
      const result = await running.invoke(JSON.stringify(event));
      if (!result.ok) throw new Error(`${result.error.errorType}: ${result.error.errorMessage}`);
      return JSON.parse(result.payload) as unknown;
    },
    async dispose() {
      await running.stop();
      directory.remove();
    },
  };
}
