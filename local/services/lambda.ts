import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { LocalFunction } from '../lambda/local-function.ts';
import { AwsError, errorResponse } from './stand-in.ts';
import type { AwsRequest, AwsResponse, StandIn } from './stand-in.ts';

/** Where the functions are looked for by name. */
export interface FunctionDirectory {
  find(name: string): LocalFunction | undefined;
}

export interface LambdaControl {
  readonly handle: StandIn;
  /** Gives it the functions, which start later than the services that they use. */
  serve(functions: FunctionDirectory): void;
}

const INVOCATION = /^\/2015-03-31\/functions\/([^/?]+)\/invocations(?:\?|$)/;
const ROUTE = /^\/2015-03-31\/functions\/([^/?]+)\/configuration(?:\?|$)/;

const Update = z.object({
  Environment: z.object({ Variables: z.record(z.string(), z.string()) }),
  RevisionId: z.string().optional(),
});

/**
 * The part of Lambda's API that invokes a function, and that reads and changes its configuration
 * (https://docs.aws.amazon.com/lambda/latest/api/API_UpdateFunctionConfiguration.html): environment variables alone. A change is
 * in force at once.
 */
export function lambdaControl(): LambdaControl {
  let functions: FunctionDirectory = { find: () => undefined };
  return {
    serve: (given) => void (functions = given),
    async handle(request) {
      const [, invoked] = INVOCATION.exec(request.path) ?? [];
      try {
        return invoked === undefined ? answer(request, functions) : await invoke(invoked, request, functions);
      } catch (error) {
        if (error instanceof AwsError) return errorResponse(error.status, error.code, error.message);
        throw error;
      }
    },
  };
}

/** Invokes a function and waits for its answer (https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). */
async function invoke(name: string, { body }: AwsRequest, functions: FunctionDirectory): Promise<AwsResponse> {
  const found = functions.find(decodeURIComponent(name));
  if (!found) throw new AwsError('ResourceNotFoundException', 'Function not found.', 404);
  const result = await found.invoke(body.toString('utf8') || '{}');
  const headers = { 'content-type': 'application/json' };
  return result.ok
    ? { status: 200, headers, body: result.payload }
    : { status: 200, headers: { ...headers, 'x-amz-function-error': 'Unhandled' }, body: JSON.stringify(result.error) };
}

function answer({ method, path, body }: AwsRequest, functions: FunctionDirectory): AwsResponse {
  const [, name = ''] = ROUTE.exec(path) ?? [];
  const found = functions.find(decodeURIComponent(name));
  if (!found) throw new AwsError('ResourceNotFoundException', 'Function not found.', 404);
  if (method === 'PUT') update(found, body);
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      FunctionName: found.config.name,
      FunctionArn: found.config.arn,
      Environment: { Variables: found.variables() },
      RevisionId: revisionOf(found),
      State: 'Active',
      LastUpdateStatus: 'Successful',
    }),
  };
}

function update(found: LocalFunction, body: Buffer): void {
  const input = Update.safeParse(JSON.parse(body.toString('utf8')));
  if (!input.success) throw new AwsError('InvalidParameterValueException', z.prettifyError(input.error));
  const { Environment: environment, RevisionId: revision } = input.data;
  const reserved = reservedIn(environment.Variables, found.variables());
  if (reserved.length > 0)
    throw new AwsError(
      'InvalidParameterValueException',
      'Lambda was unable to configure your environment variables because the environment variables you have provided ' +
        `contains reserved keys that are currently not supported for modification. Reserved keys used in this request: ${reserved.join(', ')}`,
    );
  if (revision !== undefined && revision !== revisionOf(found))
    throw new AwsError('PreconditionFailedException', 'The revision does not match the latest one.', 412);
  found.update(environment.Variables);
}

/**
 * Variables that Lambda sets itself
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html#configuration-envvars-runtime), and those by which
 * whoever may change them would run code of his own on this machine: they are for Node, the dynamic linker or OpenSSL.
 */
const RESERVED =
  /^(_|AWS_(LAMBDA_|ACCESS_KEY|SECRET_ACCESS_KEY|SESSION_TOKEN|REGION$|DEFAULT_REGION$|EXECUTION_ENV$|ENDPOINT_URL)|LAMBDA_|HOOKGATE_RUNTIME|NODE_|LD_|DYLD_|OPENSSL_|SSL_|(PATH|HOME|TZ|LANG|SHELL|BASH_ENV|ENV)$)/i;

/** The reserved variables that a change would set to another value than they have. */
const reservedIn = (
  given: Readonly<Record<string, string>>,
  present: Readonly<Record<string, string>>,
): readonly string[] => Object.keys(given).filter((name) => RESERVED.test(name) && given[name] !== present[name]);

const revisionOf = (found: LocalFunction): string =>
  createHash('sha256').update(JSON.stringify(found.variables())).digest('hex').slice(0, 32);
