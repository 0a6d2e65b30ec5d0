import {
  DescribeSecretCommand,
  GetSecretValueCommand,
  ResourceNotFoundException,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { isBearerToken } from '../core/http/bearer.ts';
import { NoCredentialsError } from '../core/http/no-credentials.ts';
import type { ClientCredentials } from '../core/http/oauth.ts';
import { CLIENT_BOUNDS } from './clients.ts';
import { traced } from './trace.ts';

/** The secret has a value of another form than the provider's API takes. The value is never shown. */
export class CredentialsError extends Error {
  override readonly name = 'CredentialsError';
}

/**
 * Reads a source's credentials for the provider's API, from a secret of their own. Rejects with a {@link NoCredentialsError} while
 * the secret has no version: an operator stores the first one after the deployment that makes the secret.
 */
export interface CredentialsSecret {
  /** `{"clientId", "clientSecret"}`, or `{"clientId", "privateKey", "keyId"}`; the key is a text in PEM, or a JWK. */
  client(): Promise<ClientCredentials>;
  /** A bearer token as it is. */
  token(): Promise<string>;
  /** When the secret was made: with the deployment of the function that reads it. */
  createdAt(): Promise<Date>;
}

export function credentialsSecret(
  arn: string,
  manager = traced(new SecretsManagerClient(CLIENT_BOUNDS), 'SecretsManager'),
): CredentialsSecret {
  const read = async (): Promise<string> => {
    const command = new GetSecretValueCommand({ SecretId: arn, VersionStage: 'AWSCURRENT' });
    const { SecretString: value = '' } = await manager.send(command).catch((error: unknown) => {
      throw error instanceof ResourceNotFoundException ? new NoCredentialsError() : error;
    });
    return value.trim();
  };
  return {
    async client() {
      const { clientId, clientSecret, privateKey, keyId } = parse(await read());
      if (!isText(clientId)) throw new CredentialsError();
      if (isText(clientSecret)) return { clientId, clientSecret };
      const key = typeof privateKey === 'object' && privateKey !== null ? JSON.stringify(privateKey) : privateKey;
      if (!isText(key)) throw new CredentialsError();
      return { clientId, privateKey: key, ...(isText(keyId) && { keyId }) };
    },
    async token() {
      const token = await read();
      if (!isBearerToken(token)) throw new CredentialsError();
      return token;
    },
    async createdAt() {
      const { CreatedDate: date } = await manager.send(new DescribeSecretCommand({ SecretId: arn }));
      if (!date) throw new CredentialsError();
      return date;
    },
  };
}

const isText = (value: unknown): value is string => typeof value === 'string' && value !== '';

function parse(text: string): Partial<Record<'clientId' | 'clientSecret' | 'privateKey' | 'keyId', unknown>> {
  try {
    return (JSON.parse(text) ?? {}) as object;
  } catch {
    throw new CredentialsError();
  }
}
