import { LAMBDA_REQUEST_BYTES } from '../../lib/config/limits.ts';

/** A function as the template describes it. */
export interface FunctionConfig {
  /** The physical name. */
  readonly name: string;
  readonly arn: string;
  /** `file.export`, as in the template. */
  readonly handler: string;
  /** Directory of the unpacked code. */
  readonly codeDirectory: string;
  readonly memoryMb: number;
  readonly timeoutMs: number;
  readonly logFormat: 'JSON' | 'Text';
  /** The template's environment variables, resolved. */
  readonly environment: Readonly<Record<string, string>>;
  /** The most execution environments at a time. */
  readonly maxEnvironments: number;
}

/** Why an invocation failed, as the runtime says it, or the service in its place. */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[] | undefined;
}

/** The outcome of an invocation: the handler's answer as JSON text, or what failed. */
export type InvokeResult =
  { readonly ok: true; readonly payload: string } | { readonly ok: false; readonly error: FunctionError };

/** The settings that all execution environments of the gateway share. */
export interface LambdaHost {
  /** Path of the bootstrap, as JavaScript. */
  readonly bootstrap: string;
  /** An empty directory that is the home of a function: the developer's own AWS settings must not reach it. */
  readonly homeDirectory: string;
  readonly awsEndpoint: string;
  /** The session token by which the AWS endpoint knows the functions. */
  readonly awsToken: string;
  readonly region: string;
  /** Takes each line that a function writes. */
  readonly log: (functionName: string, line: string) => void;
}

/** Bytes of the largest synchronous request; an answer may have 100 more. */
export const MAX_REQUEST_BYTES = LAMBDA_REQUEST_BYTES;
export const MAX_RESPONSE_BYTES = MAX_REQUEST_BYTES + 100;
