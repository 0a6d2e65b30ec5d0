import { ReasonError } from '../errors.ts';
import { isBearerToken } from './bearer.ts';
import type { Http, HttpResponse } from './http.ts';
import type { Clock } from '../ports.ts';

/** The credentials by which a provider's token endpoint knows this source. */
export interface ClientCredentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

export interface OAuthPorts {
  readonly http: Http;
  readonly clock: Clock;
  /** Read again for each token, because credentials rotate too. */
  readonly credentials: () => Promise<ClientCredentials>;
}

/** Why there is no token. */
export type TokenFaultReason = 'token_refused' | 'token_malformed';

/** The token endpoint answered, and gave no token. */
export class TokenFault extends ReasonError<TokenFaultReason> {
  override readonly name = 'TokenFault';
}

/** Milliseconds before its end at which a token is renewed. */
const RENEW_BEFORE_MS = 60_000;
/** Milliseconds that a token is taken to last if the answer does not say. */
const DEFAULT_LIFE_MS = 5 * 60_000;

/**
 * Calls an API with a bearer token of the OAuth 2.0 client credentials grant (RFC 6749, 4.4). The token is kept until
 * shortly before its end; a 401 is tried once more with a fresh one.
 */
export function authorizedHttp(tokenUrl: string, { http, clock, credentials }: OAuthPorts): Http {
  let token: { readonly value: string; readonly renewAt: number } | undefined;

  const current = async (): Promise<string> => {
    if (token && clock() < token.renewAt) return token.value;
    const { clientId, clientSecret } = await credentials();
    const answer = await http({
      method: 'POST',
      url: tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }).toString(),
    });
    const { value, lifeMs } = readToken(answer);
    token = { value, renewAt: clock() + lifeMs - Math.min(RENEW_BEFORE_MS, lifeMs / 2) };
    return value;
  };

  return async (request) => {
    const send = async (): Promise<HttpResponse> =>
      http({ ...request, headers: { ...request.headers, authorization: `Bearer ${await current()}` } });
    const answer = await send();
    if (answer.status !== 401) return answer;
    token = undefined;
    return send();
  };
}

function readToken({ status, body }: HttpResponse): { readonly value: string; readonly lifeMs: number } {
  if (status !== 200) throw new TokenFault('token_refused');
  let answer: unknown;
  try {
    answer = JSON.parse(body);
  } catch {
    throw new TokenFault('token_malformed');
  }
  if (typeof answer !== 'object' || answer === null || !('access_token' in answer))
    throw new TokenFault('token_malformed');
  const { access_token: value, expires_in: seconds } = answer as { access_token: unknown; expires_in?: unknown };
  if (typeof value !== 'string' || !isBearerToken(value)) throw new TokenFault('token_malformed');
  return { value, lifeMs: typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : DEFAULT_LIFE_MS };
}
