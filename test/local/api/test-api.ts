import type { RestApi, Route } from '../../../local/api/rest-api.ts';
import type { FunctionConfig } from '../../../local/lambda/function-config.ts';

const target: FunctionConfig = {
  name: 'Verifier',
  arn: 'arn:aws:lambda:us-east-1:000000000000:function:Verifier',
  handler: 'index.handler',
  codeDirectory: '/',
  memoryMb: 128,
  timeoutMs: 1000,
  logFormat: 'JSON',
  environment: {},
  maxEnvironments: 1,
};

export const testRoute = (changes: Partial<Route> = {}): Route => ({
  resource: '/webhooks/osigu',
  resourceId: 'ApiWebhooksOsigu',
  httpMethod: 'ANY',
  target,
  timeoutMs: 29_000,
  permitted: true,
  ...changes,
});

export const testApi = (changes: Partial<RestApi> = {}): RestApi => ({
  id: 'Api',
  stage: 'dev',
  accountId: '000000000000',
  routes: [testRoute()],
  binaryMediaTypes: ['*/*'],
  gatewayResponses: new Map(),
  policy: undefined,
  ...changes,
});
