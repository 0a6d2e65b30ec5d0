import type { Http } from './http.ts';

/** Calls an API with a bearer token that is read anew for each call, so that one which was replaced is used at once. */
export const bearerHttp =
  (http: Http, token: () => Promise<string>): Http =>
  async (request) =>
    http({ ...request, headers: { ...request.headers, authorization: `Bearer ${await token()}` } });
