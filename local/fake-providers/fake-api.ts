import type { IncomingHttpHeaders } from 'node:http';

/** A request to a provider's API. */
export interface ApiRequest {
  readonly method: string;
  readonly url: URL;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface ApiAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** A text is sent as it is; everything else as JSON. */
  readonly body?: unknown;
}

/** A part of a provider's API; undefined if the request is for another part. */
export type FakeApi = (request: ApiRequest) => ApiAnswer | undefined;

/** The body of a request as a JSON object; an empty object if it is anything else. */
export function jsonBody({ body }: ApiRequest): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(body.toString('utf8'));
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

export const UNAUTHORIZED: ApiAnswer = { status: 401, body: { error: 'unauthorized' } };

/** The first answer of the parts, or 404. */
export const answerOf = (apis: readonly FakeApi[], request: ApiRequest): ApiAnswer => {
  for (const api of apis) {
    const answer = api(request);
    if (answer) return answer;
  }
  return { status: 404, body: { error: 'not_found' } };
};
