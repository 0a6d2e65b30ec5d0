/** An answer that API Gateway gives itself, as the template changes it. */
export interface GatewayResponse {
  readonly status?: number | undefined;
  readonly headers: Readonly<Record<string, string>>;
  /** The template of a JSON body. */
  readonly template?: string | undefined;
}

/** An HTTP answer, ready to be sent. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Buffer | string;
}

/** The answers that API Gateway gives itself, each with the status and message that it has if the template says nothing. */
const DEFAULTS = {
  ACCESS_DENIED: [403, 'User: anonymous is not authorized to perform: execute-api:Invoke on this resource'],
  API_CONFIGURATION_ERROR: [500, 'Internal server error'],
  BAD_REQUEST: [400, 'Bad Request'],
  /** A function that failed, or an answer that is not a proxy answer. */
  BAD_GATEWAY: [502, 'Internal server error'],
  INTEGRATION_TIMEOUT: [504, 'Endpoint request timed out'],
  MISSING_AUTHENTICATION_TOKEN: [403, 'Missing Authentication Token'],
  REQUEST_TOO_LARGE: [413, 'Request Too Long'],
} as const;
export type GatewayResponseType = keyof typeof DEFAULTS;

/**
 * API Gateway's own answer of a type: the template's for this type, else the template's for all of its class, else the
 * service's own (https://docs.aws.amazon.com/apigateway/latest/developerguide/supported-gateway-response-types.html).
 */
export function gatewayAnswer(
  type: GatewayResponseType,
  responses: ReadonlyMap<string, GatewayResponse>,
  requestId: string,
): HttpAnswer {
  const [defaultStatus, message] = DEFAULTS[type];
  const response = responses.get(type) ?? responses.get(defaultStatus < 500 ? 'DEFAULT_4XX' : 'DEFAULT_5XX');
  const template = response?.template ?? '{"message":$context.error.messageString}';
  const body = template
    .replaceAll('$context.error.messageString', JSON.stringify(message))
    .replaceAll('$context.error.message', message)
    .replaceAll('$context.error.responseType', type)
    .replaceAll('$context.requestId', requestId);
  const headers = { 'content-type': 'application/json', 'x-amzn-requestid': requestId, ...response?.headers };
  return { status: response?.status ?? defaultStatus, headers: Object.entries(headers), body };
}
