import { ReasonError } from '../errors.ts';
import { isBearerToken } from './bearer.ts';
import type { AssertionContext, ClientKey } from './client-assertion.ts';
import type { Http, HttpResponse } from './http.ts';
import type { Clock } from '../ports.ts';

/** The credentials by which a provider's token endpoint knows this source: a secret, or a key. */
export type ClientCredentials = ClientSecret | ClientKey;

export interface ClientSecret {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Makes the assertion of a client that has a key; undefined if the key cannot be used. */
export type MakeAssertion = (key: ClientKey, context: AssertionContext) => string | undefined;

export interface OAuthPorts {
  readonly http: Http;
  readonly clock: Clock;
  /** Read again for each token, because credentials rotate too. */
  readonly credentials: () => Promise<ClientCredentials>;
  /** The scope that is asked for; absent: whatever the client has. */
  readonly scope?: string | undefined;
  /** For a provider whose clients may have a key. */
  readonly assertion?: MakeAssertion | undefined;
  /** A text that was never given before. */
  readonly uniqueId?: (() => string) | undefined;
}

/** Why there is no token. */
export type TokenFaultReason = 'token_refused' | 'token_malformed' | 'key_unusable';

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
export function authorizedHttp(tokenUrl: string, ports: OAuthPorts): Http {
  const { http, clock, credentials, scope } = ports;
  let token: { readonly value: string; readonly renewAt: number } | undefined;

  const current = async (): Promise<string> => {
    if (token && clock() < token.renewAt) return token.value;
    const proof = proofOf(await credentials(), tokenUrl, ports);
    const answer = await http({
      method: 'POST',
      url: tokenUrl,
      headers: { 'content-type': 'application/x-www-form-urlencoded', accept: 'application/json' },
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        ...proof,
        ...(scope !== undefined && { scope }),
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

/** The proof of who asks: the secret itself, or a statement signed with the client's key. */
function proofOf(client: ClientCredentials, tokenUrl: string, ports: OAuthPorts): Record<string, string> {
  if ('clientSecret' in client) return { client_id: client.clientId, client_secret: client.clientSecret };
  const { clock, assertion, uniqueId } = ports;
  const made = uniqueId && assertion?.(client, { tokenUrl, now: clock(), id: uniqueId() });
  if (made === undefined) throw new TokenFault('key_unusable');
  return {
    client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
    client_assertion: made,
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
