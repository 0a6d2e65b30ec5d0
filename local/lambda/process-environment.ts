import process from 'node:process';
import { accessKeyIdOf } from './caller.ts';
import type { FunctionConfig, LambdaHost } from './function-config.ts';
import { RUNTIME_TOKEN } from './runtime-api.ts';
import type { RuntimeApi } from './runtime-api.ts';

/**
 * The environment variables of a function's process: the template's, and those that Lambda reserves and sets
 * (https://docs.aws.amazon.com/lambda/latest/dg/configuration-envvars.html). Nothing of the developer's own environment
 * but the path reaches a function, so that what the template forgets is missing here too.
 */
export const processEnvironment = (
  config: FunctionConfig,
  host: LambdaHost,
  runtimeApi: Pick<RuntimeApi, 'address' | 'token'>,
): Record<string, string> => ({
  ...config.environment,
  PATH: process.env.PATH ?? '',
  HOME: host.homeDirectory,
  LANG: 'en_US.UTF-8',
  TZ: ':UTC',
  _HANDLER: config.handler,
  LAMBDA_TASK_ROOT: config.codeDirectory,
  AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
  AWS_LAMBDA_RUNTIME_API: runtimeApi.address,
  [RUNTIME_TOKEN]: runtimeApi.token,
  AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
  AWS_LAMBDA_FUNCTION_NAME: config.name,
  AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
  AWS_LAMBDA_FUNCTION_MEMORY_SIZE: String(config.memoryMb),
  AWS_LAMBDA_LOG_FORMAT: config.logFormat,
  AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${config.name}`,
  AWS_LAMBDA_LOG_STREAM_NAME: 'local',
  AWS_REGION: host.region,
  AWS_DEFAULT_REGION: host.region,
  AWS_ACCESS_KEY_ID: accessKeyIdOf(config.name),
  AWS_SECRET_ACCESS_KEY: 'local',
  AWS_SESSION_TOKEN: host.awsToken,
  AWS_ENDPOINT_URL: host.awsEndpoint,
});
