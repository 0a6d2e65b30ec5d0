import {
  GetFunctionConfigurationCommand,
  LambdaClient,
  UpdateFunctionConfigurationCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { lambdaControl } from '../../../local/services/lambda.ts';
import { testFunction } from '../lambda/test-function.ts';
import type { TestFunction } from '../lambda/test-function.ts';
import { startTestAws } from '../test-aws.ts';
import type { TestAws } from '../test-aws.ts';

const OWN = { HOOKGATE_SOURCE: 'osigu', NODE_OPTIONS: '--enable-source-maps' };
let aws: TestAws;
let client: LambdaClient;
let running: TestFunction;

beforeAll(async () => {
  running = testFunction('exports.handler = async () => ({ ...process.env });', { environment: OWN });
  const lambda = lambdaControl();
  lambda.serve({ find: (name) => (name === running.config.name ? running : undefined) });
  aws = await startTestAws({ lambda: lambda.handle });
  client = new LambdaClient(aws.client);
});
afterAll(async () => {
  await running.dispose();
  await aws.stop();
});

const FunctionName = 'TestFunction';
const update = (Variables: Record<string, string>) =>
  client.send(new UpdateFunctionConfigurationCommand({ FunctionName, Environment: { Variables } }));

describe('UpdateFunctionConfiguration', () => {
  it.each([
    ...['NODE_OPTIONS', 'node_options', 'NODE_PATH', 'NODE_EXTRA_CA_CERTS', 'LD_PRELOAD', 'DYLD_INSERT_LIBRARIES'],
    ...[
      'PATH',
      'HOME',
      'OPENSSL_CONF',
      'AWS_LAMBDA_RUNTIME_API',
      'AWS_LAMBDA_EXEC_WRAPPER',
      '_HANDLER',
      'LAMBDA_TASK_ROOT',
    ],
    ...['AWS_ACCESS_KEY_ID', 'AWS_SESSION_TOKEN', 'AWS_REGION', 'AWS_ENDPOINT_URL_SQS', 'HOOKGATE_RUNTIME_TOKEN'],
  ])('refuses %s', async (name) => {
    await expect(update({ ...OWN, [name]: '--require=/tmp/evil.js' })).rejects.toMatchObject({
      name: 'InvalidParameterValueException',
      message: expect.stringContaining(name),
    });
    const { Environment } = await client.send(new GetFunctionConfigurationCommand({ FunctionName }));
    expect(Environment?.Variables).toEqual(OWN);
  });

  it("changes the function's own variables, and leaves a reserved one that the template gives as it is", async () => {
    await update({ ...OWN, HOOKGATE_MARK: '1' });
    expect(await running.call({})).toMatchObject({ ...OWN, HOOKGATE_MARK: '1' });
    await update(OWN);
  });
});
