import type { Http } from './http.ts';

/** Whether a text is a bearer token that a header can carry (RFC 6750, 2.1). */
export const isBearerToken = (text: string): boolean => /^[\w.~+/-]{1,8192}=*$/.test(text);

/** How a token is sent: after a text, in a header. */
export interface TokenHeader {
  /** Lower-case name. */
  readonly header: string;
  readonly before: string;
}

export const BEARER: TokenHeader = { header: 'authorization', before: 'Bearer ' };
export const BASIC: TokenHeader = { header: 'authorization', before: 'Basic ' };

/** Calls an API with a token. The token is read again for each call, so that a replaced one is used at once. */
export const bearerHttp =
  (http: Http, token: () => Promise<string>, { header, before }: TokenHeader = BEARER): Http =>
  async (request) =>
    http({ ...request, headers: { ...request.headers, [header]: before + (await token()) } });
