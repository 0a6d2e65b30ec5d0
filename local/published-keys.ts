import { createPrivateKey, createPublicKey } from 'node:crypto';
import { localSecrets, secretVariable } from '../cli/local-gateway.ts';
import type { ShellEnvironment } from '../cli/local-gateway.ts';
import { ENV } from '../lambdas/contract.ts';
import { schemeOf } from '../lambdas/core/provider.ts';
import type { HookgateConfig } from '../lib/config/config.ts';
import type { FunctionConfig } from './lambda/function-config.ts';

/**
 * Gives the verifiers whose provider publishes its keys the key of the deliveries that are made up here. A source whose real
 * secret the environment states is sent real deliveries: its keys are fetched from the provider.
 */
export function withLocalKeys(
  functions: readonly FunctionConfig[],
  { sources }: Pick<HookgateConfig, 'sources'>,
  environment: ShellEnvironment,
): readonly FunctionConfig[] {
  const keys = new Map(
    sources
      .filter(({ provider, options }) => schemeOf(provider, options).fetchesKeys)
      .filter(({ name }) => environment[secretVariable(name)] === undefined)
      .map((source) => [source.name, publicHalf(localSecrets(source, environment).signing)]),
  );
  return functions.map((config) => {
    const key = ENV.secretArn in config.environment ? keys.get(config.environment[ENV.source] ?? '') : undefined;
    return key === undefined ? config : { ...config, environment: { ...config.environment, [ENV.localKey]: key } };
  });
}

const publicHalf = (pem: string): string =>
  createPublicKey(createPrivateKey(pem)).export({ type: 'spki', format: 'pem' }).toString();
