import { APIGatewayClient, paginateGetResources } from '@aws-sdk/client-api-gateway';
import { CloudFormationClient, DescribeStackResourceCommand } from '@aws-sdk/client-cloudformation';
import { GetAliasCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { webhookPath } from '../../../lambdas/contract.ts';
import { isTarget } from '../../../lambdas/core/target.ts';
import { ALIAS } from '../../../lib/config/stack-names.ts';
import type { OperatedGateway } from '../gateway.ts';

/** API Gateway's largest page. */
const PAGE = 500;

/** The IAM actions that the question takes on AWS. */
export const SERVING = ['lambda:GetAlias', 'apigateway:GET', 'cloudformation:DescribeStackResource'] as const;

/**
 * Whether the events of a source or a target go to a published version of its function (`gradual`), and not to the newest code. A queue
 * calls the alias if there is one. The API itself says which function it calls: the setting that is deployed may be another than the one on this
 * machine. Throws if AWS does not say.
 */
export async function isServedByVersion(
  source: string,
  functionName: string,
  gateway: OperatedGateway,
): Promise<boolean> {
  if (!(await hasAlias(functionName, gateway))) return false;
  return isTarget(source) || (await routeOf(source, gateway)).some((uri) => uri.endsWith(`:${ALIAS}/invocations`));
}

async function hasAlias(name: string, gateway: OperatedGateway): Promise<boolean> {
  try {
    await gateway.client(LambdaClient).send(new GetAliasCommand({ FunctionName: name, Name: ALIAS }));
    return true;
  } catch (error) {
    // Nothing else says that there is none: not a call that is refused, nor one too many.
    if (error instanceof ResourceNotFoundException) return false;
    throw error;
  }
}

/** The functions that the API calls by the route of the source, one for each method. */
async function routeOf(source: string, gateway: OperatedGateway): Promise<string[]> {
  const described = await gateway
    .client(CloudFormationClient)
    .send(new DescribeStackResourceCommand({ StackName: gateway.name, LogicalResourceId: 'Api' }));
  const restApiId = described.StackResourceDetail?.PhysicalResourceId;
  const pages = paginateGetResources(
    { client: gateway.client(APIGatewayClient), pageSize: PAGE },
    { restApiId, embed: ['methods'] },
  );
  const uris: string[] = [];
  for await (const { items = [] } of pages)
    for (const { path, resourceMethods = {} } of items)
      if (path === webhookPath(source))
        uris.push(...Object.values(resourceMethods).map(({ methodIntegration }) => methodIntegration?.uri ?? ''));
  if (uris.length === 0) throw new Error(`the API has no route of ${source}`);
  return uris;
}
