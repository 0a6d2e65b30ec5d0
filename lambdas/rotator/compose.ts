import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { randomBytes } from 'node:crypto';
import { CLIENT_BOUNDS } from '../adapters/clients.ts';
import { credentialsSecret } from '../adapters/credentials.ts';
import { isOneMachine, setting } from '../adapters/environment.ts';
import { httpClient } from '../adapters/http.ts';
import { telemetry } from '../adapters/observer.ts';
import { secretVault } from '../adapters/secret-vault.ts';
import { sourceFromEnvironment } from '../adapters/source.ts';
import { authorizedHttp } from '../core/http/oauth.ts';
import type { RotationPorts } from '../core/rotate/rotate.ts';
import { traced } from '../adapters/trace.ts';

/** Bounds of a call to the provider's API: a step makes three at the most, within the function's minute. */
const HTTP_BOUNDS = { timeoutMs: 5_000, totalMs: 15_000, retries: 2, maxBytes: 1024 * 1024 };
/** 256 bits, as much as HMAC-SHA-256 makes use of. */
const SECRET_BYTES = 32;

const clock = (): number => Date.now();
const { provider, options, name } = sourceFromEnvironment();
const { rotation } = provider;
if (!rotation) throw new Error(`${provider.title} cannot be told a secret`);

export const { logger, metrics } = telemetry(name);
export const secretArn = setting('secretArn');

const manager = traced(new SecretsManagerClient(CLIENT_BOUNDS), 'SecretsManager');
const credentials = credentialsSecret(setting('credentialsArn'), manager);
const http = authorizedHttp(String(options.tokenUrl), {
  http: httpClient({ ...HTTP_BOUNDS, allowLoopback: isOneMachine() }),
  clock,
  credentials: () => credentials.client(),
});
const call = () => ({ http, options, now: new Date(clock()) });

export const ports: RotationPorts = {
  vault: secretVault(manager, secretArn),
  provider: {
    setSecret: (secret) => rotation.setSecret(secret, call()),
    check: () => rotation.check(call()),
  },
  newSecret: () => randomBytes(SECRET_BYTES).toString('hex'),
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};
