import { ResponseType } from 'aws-cdk-lib/aws-apigateway';
import type { RestApi } from 'aws-cdk-lib/aws-apigateway';

interface GatewayAnswer {
  readonly type: ResponseType;
  /** Absent if API Gateway's own status is the right one. */
  readonly status?: number;
  readonly error: string;
  /** Seconds after which trying again makes sense. */
  readonly retryAfter?: number;
}

/** The answers that API Gateway gives by itself, in the words of the verifiers. None of them says anything of what is behind. */
const ANSWERS: readonly GatewayAnswer[] = [
  // API Gateway's name for a path that has no route.
  { type: ResponseType.MISSING_AUTHENTICATION_TOKEN, status: 404, error: 'unknown_source' },
  { type: ResponseType.ACCESS_DENIED, status: 403, error: 'address_not_allowed' },
  { type: ResponseType.WAF_FILTERED, status: 403, error: 'blocked' },
  { type: ResponseType.REQUEST_TOO_LARGE, status: 413, error: 'body_too_large' },
  { type: ResponseType.THROTTLED, status: 429, error: 'throttled', retryAfter: 5 },
  { type: ResponseType.DEFAULT_4XX, error: 'malformed_request' },
  { type: ResponseType.DEFAULT_5XX, error: 'unavailable', retryAfter: 5 },
];

export function addGatewayResponses(api: RestApi): void {
  for (const { type, status, error, retryAfter } of ANSWERS) {
    api.addGatewayResponse(type.responseType, {
      type,
      ...(status !== undefined && { statusCode: String(status) }),
      responseHeaders: {
        'Cache-Control': `'no-store'`,
        ...(retryAfter !== undefined && { 'Retry-After': `'${retryAfter}'` }),
      },
      templates: { 'application/json': JSON.stringify({ error }) },
    });
  }
}
