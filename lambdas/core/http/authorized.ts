import type { Options } from '../envelope.ts';
import type { Clock } from '../ports.ts';
import type { ProviderApi } from '../provider-api.ts';
import { BASIC, bearerHttp } from './bearer.ts';
import type { Http } from './http.ts';
import { authorizedHttp, TokenFault } from './oauth.ts';
import type { ClientCredentials } from './oauth.ts';

export interface CallPorts {
  readonly http: Http;
  readonly clock: Clock;
  readonly credentials: { client(): Promise<ClientCredentials>; token(): Promise<string> };
  /** A text that was never given before. */
  readonly uniqueId?: () => string;
}

/** Calls a provider's API in the way in which it knows its callers. Credentials are read when the first call needs them. */
export function callsTo(
  api: ProviderApi | undefined,
  options: Options,
  { http, clock, credentials, uniqueId }: CallPorts,
): Http {
  switch (api?.credentials) {
    case 'client':
      return authorizedHttp(String(options.tokenUrl), {
        ...{ http, clock, uniqueId, assertion: api.clientAssertion, credentials: () => credentials.client() },
        scope: typeof options.scope === 'string' ? options.scope : undefined,
      });
    case 'basic':
      return bearerHttp(http, async () => basicToken(await credentials.client()), api.tokenHeader ?? BASIC);
    default:
      return bearerHttp(http, () => credentials.token(), api?.tokenHeader);
  }
}

/** A name and a password as HTTP Basic authentication has them (RFC 7617). */
function basicToken(client: ClientCredentials): string {
  if (!('clientSecret' in client)) throw new TokenFault('key_unusable');
  return Buffer.from(`${client.clientId}:${client.clientSecret}`).toString('base64');
}
