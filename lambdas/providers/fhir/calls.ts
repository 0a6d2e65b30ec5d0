import { apiPath, apiUrl } from '../../core/http/api-url.ts';
import type { HttpRequest, HttpResponse } from '../../core/http/http.ts';
import { isObject } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import type { ApiCall } from '../../core/missed-event.ts';
import type { ServerFault } from '../../core/poll/numbered/server.ts';
import type { Result } from '../../core/result.ts';
import { ok, refuse } from '../../core/result.ts';
import { objectsIn } from './values.ts';

export const FHIR_JSON = 'application/fhir+json';

/** Calls the server below its base, and nothing else: no link that it names is followed, because the token would go there. */
export const call = (
  { http, options }: ApiCall,
  method: HttpRequest['method'],
  path: string,
  request: {
    readonly query?: Record<string, string>;
    readonly body?: string;
    readonly headers?: Record<string, string>;
  } = {},
): Promise<HttpResponse> =>
  http({
    method,
    url: apiUrl(options, path, request.query),
    headers: { accept: FHIR_JSON, ...request.headers },
    ...(request.body !== undefined && { body: request.body }),
  });

/** The path of a Subscription, or of an operation on it. */
export const subscriptionPath = (id: string, operation = ''): string => apiPath`Subscription/${id}` + operation;

/** The statuses with which servers say that they do not know an operation. */
const UNKNOWN_OPERATION = [400, 404, 405, 501];

/** Reads an answer's resource. Of an OperationOutcome the codes alone are looked at: its words can be about a patient. */
export function readResourceIn({ status, body }: HttpResponse): Result<JsonObject, ServerFault> {
  if (status === 410) return refuse('gone');
  if (UNKNOWN_OPERATION.includes(status) || isNotSupported(body)) return refuse('not_supported');
  if (status !== 200) return refuse(`http_${status}` as const);
  const resource = parse(body);
  return resource ? ok(resource) : refuse('not_json');
}

const isNotSupported = (body: string): boolean => {
  // Most answers are not an OperationOutcome, and are parsed once.
  if (!body.includes('not-supported')) return false;
  const { resourceType, issue } = parse(body) ?? {};
  return resourceType === 'OperationOutcome' && objectsIn(issue).some(({ code }) => code === 'not-supported');
};

function parse(body: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
