import { randomUUID } from 'node:crypto';
import type { ApiRequest, FakeApi } from './fake-api.ts';

/** The credentials that the stand-ins take: known to everyone who reads this file, and good for nothing else. */
export const LOCAL_CLIENT = { clientId: 'local-client', clientSecret: 'local-client-secret' } as const;

export interface TokenEndpoint {
  readonly api: FakeApi;
  /** Whether a request carries a token that is valid. */
  isAuthorized(request: ApiRequest): boolean;
  /** Ends every token, as happens when credentials are replaced. */
  revokeAll(): void;
  /** How many tokens were given out. */
  issued(): number;
}

const PATH = '/oauth/token';

/** A token endpoint of OAuth 2.0 client credentials (RFC 6749, 4.4): form-encoded, tokens of an hour. */
export function tokenEndpoint(lifeSeconds = 3600, clock: () => number = () => Date.now()): TokenEndpoint {
  const tokens = new Map<string, number>();
  let issued = 0;
  return {
    api(request) {
      if (request.url.pathname !== PATH) return undefined;
      if (request.method !== 'POST') return { status: 405, body: { error: 'invalid_request' } };
      const form = new URLSearchParams(request.body.toString('utf8'));
      if (form.get('grant_type') !== 'client_credentials')
        return { status: 400, body: { error: 'unsupported_grant_type' } };
      const isClient =
        form.get('client_id') === LOCAL_CLIENT.clientId && form.get('client_secret') === LOCAL_CLIENT.clientSecret;
      if (!isClient) return { status: 401, body: { error: 'invalid_client' } };
      const token = randomUUID();
      tokens.set(token, clock() + lifeSeconds * 1000);
      issued++;
      return { status: 200, body: { access_token: token, token_type: 'Bearer', expires_in: lifeSeconds } };
    },
    isAuthorized: ({ headers }) => clock() < (tokens.get(bearerOf(headers.authorization)) ?? 0),
    revokeAll: () => tokens.clear(),
    issued: () => issued,
  };
}

/** The token in an `Authorization` header. */
export const bearerOf = (header: string | undefined): string => /^Bearer ([^ ]+)$/.exec(header ?? '')?.[1] ?? '';
