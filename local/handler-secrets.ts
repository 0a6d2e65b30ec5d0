import type { ShellEnvironment } from '../cli/local-gateway.ts';
import type { HookgateConfig } from '../lib/config/config.ts';
import { inVariable } from '../lib/config/stack-names.ts';
import type { FunctionConfig } from './lambda/function-config.ts';
import { CURRENT } from './services/secret-store.ts';
import type { SecretStore } from './services/secret-store.ts';
import { ENV } from '../lambdas/contract.ts';

/** The name of the environment variable that holds the local value of a handler's secret. The configuration keeps these apart. */
const valueVariable = (source: string, variable: string): string =>
  `HOOKGATE_HANDLER_SECRET_${inVariable(source)}_${variable}`;

/**
 * Makes the secrets that handlers may read: in AWS they exist already. Each has the value that the environment gives it, else one
 * that is made up.
 */
export function provisionHandlerSecrets(
  functions: readonly FunctionConfig[],
  { sources }: HookgateConfig,
  environment: ShellEnvironment,
  store: SecretStore,
): void {
  for (const { name: source, means } of sources) {
    const processor = functions.find(
      ({ environment: own }) => own[ENV.source] === source && ENV.processing in own,
    )?.environment;
    for (const variable of Object.keys(means?.secrets ?? {})) {
      const arn = processor?.[variable];
      const name = arn?.split(':secret:')[1];
      if (arn === undefined || name === undefined || store.has(name)) continue;
      const value = environment[valueVariable(source, variable)] ?? `local-secret-${source}-${variable}`;
      store.put(store.create(name, arn), value, [CURRENT]);
    }
  }
}
