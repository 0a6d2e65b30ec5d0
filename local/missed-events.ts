import { ENV, webhookPath } from '../lambdas/contract.ts';
import { inVariable } from '../lib/config/stack-names.ts';
import type { HookgateConfig } from '../lib/config/config.ts';
import type { ShellEnvironment } from '../cli/local-gateway.ts';
import { LOCAL_CREDENTIALS } from './fake-providers/settings.ts';
import type { FunctionConfig, InvokeResult } from './lambda/function-config.ts';

/** Runs a source's poller at once, or asks it for the outcome of its last poll; undefined if the source has no poller. */
export type MissedEventsControl = (source: string, action: 'poll' | 'status') => Promise<InvokeResult> | undefined;

export function missedEventsControl(
  functions: readonly FunctionConfig[],
  invoke: (target: FunctionConfig, payload: string) => Promise<InvokeResult>,
): MissedEventsControl {
  const pollers = new Map(
    functions
      .filter(({ environment }) => ENV.pollMaxEvents in environment)
      .map((config) => [config.environment[ENV.source], config] as const),
  );
  return (source, action) => {
    const poller = pollers.get(source);
    return poller && invoke(poller, JSON.stringify({ action }));
  };
}

/** Has the pollers know their sources by the URL at which they are on this machine. */
export const withLocalUrls = (functions: readonly FunctionConfig[], url: string): readonly FunctionConfig[] =>
  functions.map((config) => {
    const { [ENV.source]: source, [ENV.url]: registered } = config.environment;
    if (source === undefined || registered === undefined) return config;
    return { ...config, environment: { ...config.environment, [ENV.url]: url + webhookPath(source) } };
  });

/** The name of the environment variable that holds what the provider's API knows a source by. */
const credentialsVariable = (source: string): string => `HOOKGATE_CREDENTIALS_${inVariable(source)}`;

/** The value of each credentials secret by its ARN: the one given, else the one that the stand-ins take. */
export const localCredentials = (
  functions: readonly FunctionConfig[],
  { sources }: HookgateConfig,
  environment: ShellEnvironment,
): (readonly [string, string])[] =>
  functions.flatMap(({ environment: variables }) => {
    const arn = variables[ENV.credentialsArn];
    const source = sources.find(({ name }) => name === variables[ENV.source]);
    if (arn === undefined || !source) return [];
    const known = LOCAL_CREDENTIALS[source.provider.api?.credentials ?? 'token'];
    return [[arn, environment[credentialsVariable(source.name)] ?? known] as const];
  });
