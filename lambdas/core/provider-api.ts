import type { TokenHeader } from './http/bearer.ts';
import type { MakeAssertion } from './http/oauth.ts';

/** The credentials and options that a call of a provider's API needs. */
export interface ProviderApi {
  /**
   * The form of the source's credentials secret: `client` is JSON, `{"clientId", "clientSecret"}`, with which a token is
   * fetched by OAuth 2.0 client credentials at the option `tokenUrl`; `basic` is the same JSON, sent as HTTP Basic authentication; `token` is a token
   * as it is.
   */
  readonly credentials: 'client' | 'basic' | 'token';
  /** How a token or basic credentials are sent; default: after `Bearer `, or `Basic `, in the header `authorization`. */
  readonly tokenHeader?: TokenHeader;
  /** For a provider whose clients may have a key instead of a secret: the credentials are then `{"clientId", "privateKey", "keyId"}`. */
  readonly clientAssertion?: MakeAssertion;
  /** Options without which the API is not called: a source that states one of them must state all. */
  readonly settings: readonly [string, ...string[]];
}
