import { APIGatewayClient, GetResourcesCommand, GetRestApiCommand } from '@aws-sdk/client-api-gateway';
import { GetFunctionConfigurationCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { createServer } from 'node:http';
import { ENV } from '../../lambdas/contract.ts';
import { serveApi } from '../../local/api/api-gateway.ts';
import type { RestApi, Route } from '../../local/api/rest-api.ts';
import { startMapping } from '../../local/event-source-mapping.ts';
import { close, listen } from '../../local/http.ts';
import type { FunctionConfig } from '../../local/lambda/function-config.ts';
import { startFunctions } from '../../local/lambda/functions.ts';
import type { InvokeResult } from '../../local/lambda/function-config.ts';
import { teardown } from '../../local/teardown.ts';
import type { Deployed } from './deploy.ts';
import { ACCOUNT, REGION } from './moto.ts';
import type { Moto } from './moto.ts';

/** The deployed stack, its functions running on this machine. */
export interface Running {
  /** Where deliveries go: `${url}/webhooks/<source>`. */
  readonly url: string;
  /** Physical id of each resource by its logical id. */
  function(logicalId: string): FunctionConfig;
  invoke(logicalId: string, payload: unknown): Promise<InvokeResult>;
  /** The lines that the functions wrote. */
  readonly lines: readonly string[];
  stop(): Promise<void>;
}

export interface RunOptions {
  readonly moto: Moto;
  readonly deployed: Deployed;
  readonly physicalIds: ReadonlyMap<string, string>;
  /** A directory of the test. */
  readonly directory: string;
}

/**
 * Runs the bundles that were deployed: each with the environment that the deployed function has, the queues' messages going to
 * the processors, and requests taking the routes of the deployed API. moto itself runs no function.
 */
export async function run({ moto, deployed, physicalIds, directory }: RunOptions): Promise<Running> {
  const down = teardown();
  const lines: string[] = [];
  const log = (line: string): void => void lines.push(line);
  const configs = await functionsOf(moto, deployed, physicalIds);
  // To an address the S3 client adds no bucket's name, which would be a host that nobody knows.
  const awsEndpoint = moto.url.replace('localhost', '127.0.0.1');
  const functions = await startFunctions([...configs.values()], {
    ...{ directory, awsEndpoint, awsToken: 'local', region: REGION },
    log,
  });
  down.add(() => functions.stop());

  const sqs = new SQSClient({ ...moto.client, useQueueUrlAsEndpoint: false });
  for (const [logicalId, target] of configs) {
    const queueUrl = physicalIds.get(logicalId.replace(/Processor$/, 'Queue'));
    if (!logicalId.endsWith('Processor') || queueUrl === undefined) continue;
    const mapping = startMapping(
      { queueUrl, queueArn: await queueArn(sqs, queueUrl), ...BATCHES },
      sqs,
      (payload) => functions.invoke(target, payload),
      log,
    );
    down.add(() => mapping.stop());
  }

  const api = await apiOf(moto, physicalIds.get('Api') ?? '', [...configs.values()]);
  const server = createServer((request, response) => {
    serveApi(request, response, { api, invoke: functions.invoke, log }).catch(() => response.destroy());
  });
  const url = `http://127.0.0.1:${await listen(server)}`;
  down.add(() => close(server));

  const named = (logicalId: string): FunctionConfig => {
    const found = configs.get(logicalId);
    if (!found) throw new Error(`there is no function ${logicalId}`);
    return found;
  };
  return {
    url,
    lines,
    function: named,
    invoke: (logicalId, payload) => functions.invoke(named(logicalId), JSON.stringify(payload)),
    stop: () => down.run(),
  };
}

// moto answers a long poll by looking again and again: more of them would starve one another.
const BATCHES = { region: REGION, batchSize: 10, maximumConcurrency: 1, reportsFailures: true };

async function functionsOf(
  moto: Moto,
  { template, codeDirectory }: Deployed,
  physicalIds: ReadonlyMap<string, string>,
): Promise<ReadonlyMap<string, FunctionConfig>> {
  const lambda = new LambdaClient(moto.client);
  const functions = Object.entries(template.Resources).filter(([, { Type }]) => Type === 'AWS::Lambda::Function');
  const read = functions.map(async ([logicalId, { Properties }]): Promise<[string, FunctionConfig]> => {
    const command = new GetFunctionConfigurationCommand({ FunctionName: physicalIds.get(logicalId) });
    const found = await lambda.send(command);
    const { Code } = Properties as { readonly Code: { readonly S3Key: string } };
    const config: FunctionConfig = {
      name: found.FunctionName ?? '',
      arn: found.FunctionArn ?? '',
      handler: found.Handler ?? '',
      codeDirectory: codeDirectory(Code.S3Key),
      memoryMb: found.MemorySize ?? 0,
      timeoutMs: (found.Timeout ?? 0) * 1000,
      logFormat: 'JSON',
      environment: found.Environment?.Variables ?? {},
      maxEnvironments: 2,
    };
    return [logicalId, config];
  });
  return new Map(await Promise.all(read));
}

/** The deployed API: its routes lead where its integrations say. */
async function apiOf(moto: Moto, id: string, functions: readonly FunctionConfig[]): Promise<RestApi> {
  const client = new APIGatewayClient(moto.client);
  const { items = [] } = await client.send(new GetResourcesCommand({ restApiId: id, embed: ['methods'] }));
  const { binaryMediaTypes } = await client.send(new GetRestApiCommand({ restApiId: id }));
  const routes = items.flatMap(({ id: resourceId = '', path: resource = '', resourceMethods = {} }) =>
    Object.entries(resourceMethods).map(([httpMethod, { methodIntegration }]): Route => {
      const arn = /\/functions\/(.+)\/invocations$/.exec(methodIntegration?.uri ?? '')?.[1];
      const target = functions.find((candidate) => candidate.arn === arn);
      if (!target) throw new Error(`${httpMethod} ${resource} leads to no function`);
      return { resource, resourceId, httpMethod, target, permitted: true, timeoutMs: 29_000 };
    }),
  );
  // moto forgets the media types that a template gives; the template's own are tested with the stack.
  const types = binaryMediaTypes?.length ? binaryMediaTypes : ['*/*'];
  const stage = { id, stage: 'dev', accountId: ACCOUNT, gatewayResponses: new Map(), policy: undefined };
  return { ...stage, routes, binaryMediaTypes: types };
}

async function queueArn(sqs: SQSClient, queueUrl: string): Promise<string> {
  const command = new GetQueueAttributesCommand({ QueueUrl: queueUrl, AttributeNames: ['QueueArn'] });
  return (await sqs.send(command)).Attributes?.QueueArn ?? '';
}

/** The source that a function works for. */
export const sourceOf = ({ environment }: FunctionConfig): string => environment[ENV.source] ?? '';
