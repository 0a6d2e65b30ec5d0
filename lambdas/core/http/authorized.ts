import type { Options } from '../envelope.ts';
import type { Clock } from '../ports.ts';
import type { ProviderApi } from '../provider.ts';
import { BASIC, bearerHttp } from './bearer.ts';
import type { Http } from './http.ts';
import { authorizedHttp } from './oauth.ts';
import type { ClientCredentials } from './oauth.ts';

export interface CallPorts {
  readonly http: Http;
  readonly clock: Clock;
  readonly credentials: { client(): Promise<ClientCredentials>; token(): Promise<string> };
}

/** Calls a provider's API in the way in which it knows its callers. Credentials are read when the first call needs them. */
export function callsTo(api: ProviderApi | undefined, options: Options, { http, clock, credentials }: CallPorts): Http {
  switch (api?.credentials) {
    case 'client':
      return authorizedHttp(String(options.tokenUrl), { http, clock, credentials: () => credentials.client() });
    case 'basic':
      return bearerHttp(http, async () => basicToken(await credentials.client()), api.tokenHeader ?? BASIC);
    default:
      return bearerHttp(http, () => credentials.token(), api?.tokenHeader);
  }
}

/** A name and a password as HTTP Basic authentication has them (RFC 7617). */
const basicToken = ({ clientId, clientSecret }: ClientCredentials): string =>
  Buffer.from(`${clientId}:${clientSecret}`).toString('base64');
