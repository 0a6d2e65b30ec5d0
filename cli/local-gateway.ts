import { webhookPath } from '../lambdas/contract.ts';
import { secretFrom } from '../lambdas/core/provider-secret.ts';
import type { SecretPair } from '../lambdas/core/schemes/scheme.ts';
import type { SourceConfig } from '../lib/config/config.ts';
import { inVariable } from '../lib/config/stack-names.ts';
import { isLoopback } from './loopback.ts';
import { OperatorError } from './operator-error.ts';

export type ShellEnvironment = Readonly<Record<string, string | undefined>>;

const DEFAULT_PORT = 4000;

/** The port of the local gateway: `PORT`, or 4000. */
export function localPort({ PORT: text = '' }: ShellEnvironment): number {
  const port = text === '' ? DEFAULT_PORT : Number(text);
  if (/^\d*$/.test(text) && port >= 1 && port <= 65_535) return port;
  throw new OperatorError(`PORT must be a whole number from 1 to 65535, and is "${text}".`);
}

/** Where the local gateway listens, without a slash at the end. */
export const localOrigin = (env: ShellEnvironment): string => `http://127.0.0.1:${localPort(env)}`;

/**
 * The header that `GET /_local/access` wants, with any value: a web page of another origin can send none that it has not
 * been given leave for.
 */
export const OPERATOR_HEADER = 'x-hookgate-operator';

/** The URL to send to: the one given, or the source's route on the local gateway. */
export function targetUrl(source: string, given: string | undefined, env: ShellEnvironment): string {
  if (given === undefined) return localOrigin(env) + webhookPath(source);
  if (!URL.canParse(given) || !/^https?:$/.test(new URL(given).protocol)) {
    throw new OperatorError(`"${given}" is not the URL of a gateway: it must start with https:// or http://.`);
  }
  return given;
}

/** The name of the environment variable that holds a source's signing secret: upper case, `-` as `_`. */
export const secretVariable = (source: string): string => `HOOKGATE_SECRET_${inVariable(source)}`;

/** The signing secret of a source on the local gateway. */
export const localSecret = (source: string, env: ShellEnvironment): string =>
  env[secretVariable(source)] ?? `local-secret-${source}`;

/** A source as far as its secret goes. */
export type SecretSource = Pick<SourceConfig, 'name' | 'provider' | 'options'>;

/**
 * The two halves of a source's secret on the local gateway: what the gateway verifies with, and what the sender signs with. One
 * that the environment states is both; only a pair that is made up has a private key to sign with.
 */
export function localSecrets({ name, provider, options }: SecretSource, env: ShellEnvironment): SecretPair {
  const stated = env[secretVariable(name)];
  if (stated !== undefined) return { stored: stated, signing: stated };
  return secretFrom(provider, options, localSecret(name, {}));
}

/** The secret to sign with. The local default is known to everyone, so it never signs what leaves this machine. */
export function signingSecret(source: SecretSource, url: string, env: ShellEnvironment): string {
  if (!isLoopback(url) && !env[secretVariable(source.name)]) {
    throw new OperatorError(
      `${new URL(url).host} is not this machine: set ${secretVariable(source.name)} to the signing secret of "${source.name}" there.`,
    );
  }
  return localSecrets(source, env).signing;
}
