import { ReasonError } from '../errors.ts';

/** One request to a provider's API. */
export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** The answer to a request, whatever its status. */
export interface HttpResponse {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

/** Calls a provider's API within bounds of time, tries and size. Throws an {@link HttpFault} if no answer came. */
export type Http = (request: HttpRequest) => Promise<HttpResponse>;

/** Why there is no answer. */
export type HttpFaultReason = 'insecure_url' | 'timeout' | 'network' | 'too_large';

/** A call without an answer. Its message holds the reason and nothing of the request or the answer. */
export class HttpFault extends ReasonError<HttpFaultReason> {
  override readonly name = 'HttpFault';
}
