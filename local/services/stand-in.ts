import type { IncomingHttpHeaders } from 'node:http';

/** A call to an AWS service, as it came to the AWS endpoint. */
export interface AwsRequest {
  /** The signing name: `dynamodb`, `sqs`, `secretsmanager`, `events`. */
  readonly service: string;
  readonly action: string;
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface AwsResponse {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[]>>;
  readonly body: Buffer | string;
}

/** Answers the calls to one service. */
export type StandIn = (request: AwsRequest) => AwsResponse | Promise<AwsResponse>;

/** An error that a service returns; `code` is the name of the exception. */
export class AwsError extends Error {
  override readonly name = 'AwsError';
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

/** An error in AWS's JSON protocols. */
export const errorResponse = (status: number, code: string, message: string): AwsResponse => ({
  status,
  headers: { 'content-type': 'application/x-amz-json-1.1' },
  body: JSON.stringify({ __type: code, message }),
});

/** An error in S3's protocol. */
export const xmlErrorResponse = (status: number, code: string, message: string): AwsResponse => ({
  status,
  headers: { 'content-type': 'application/xml' },
  body: `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${code}</Code><Message>${message}</Message></Error>`,
});

/** A service of AWS's JSON protocol, version 1.1, by its actions: each takes the parsed input and returns the output. */
export const jsonService =
  (actions: Readonly<Record<string, (input: unknown) => object>>): StandIn =>
  ({ action, body }) => {
    const run = Object.hasOwn(actions, action) ? actions[action] : undefined;
    if (!run) return errorResponse(400, 'UnknownOperationException', `the local stand-in has no ${action}`);
    try {
      const output = run(JSON.parse(body.toString('utf8')));
      return { status: 200, headers: { 'content-type': 'application/x-amz-json-1.1' }, body: JSON.stringify(output) };
    } catch (error) {
      if (error instanceof AwsError) return errorResponse(error.status, error.code, error.message);
      if (error instanceof SyntaxError) return errorResponse(400, 'SerializationException', 'the request is not JSON');
      throw error;
    }
  };
