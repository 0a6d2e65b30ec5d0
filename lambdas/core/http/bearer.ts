import type { Http } from './http.ts';

/** Whether a text is a bearer token that a header can carry (RFC 6750, 2.1). */
export const isBearerToken = (text: string): boolean => /^[\w.~+/-]{1,8192}=*$/.test(text);

/** Calls an API with a bearer token. The token is read again for each call, so that a replaced one is used at once. */
export const bearerHttp =
  (http: Http, token: () => Promise<string>): Http =>
  async (request) =>
    http({ ...request, headers: { ...request.headers, authorization: `Bearer ${await token()}` } });
