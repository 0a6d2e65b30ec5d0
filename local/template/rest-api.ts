import { z } from 'zod';
import type { GatewayResponse } from '../api/gateway-response.ts';
import { matchesWildcard, Statement } from '../api/resource-policy.ts';
import type { RestApi, Route } from '../api/rest-api.ts';
import type { FunctionConfig } from '../lambda/function-config.ts';
import type { Scope } from './attributes.ts';
import type { Resolve, Template } from './template.ts';
import { resourcesOf, TemplateError } from './template.ts';

const ApiProperties = z.object({
  BinaryMediaTypes: z.array(z.string()).default([]),
  Policy: z.object({ Statement: z.array(Statement) }).optional(),
});
const ResourceProperties = z.object({ ParentId: z.string(), PathPart: z.string() });
const StageProperties = z.object({ StageName: z.string() });
const MethodProperties = z.object({
  HttpMethod: z.string(),
  ResourceId: z.string(),
  AuthorizationType: z.literal('NONE'),
  ApiKeyRequired: z.literal(false).optional(),
  Integration: z.object({
    Type: z.literal('AWS_PROXY', { error: 'the local gateway knows the Lambda proxy integration alone' }),
    /** A Lambda function is invoked by POST, whatever the request's method. */
    IntegrationHttpMethod: z.literal('POST'),
    Uri: z.string(),
    TimeoutInMillis: z.coerce.number().default(29_000),
  }),
});
const PermissionProperties = z.object({
  Action: z.literal('lambda:InvokeFunction'),
  FunctionName: z.string(),
  Principal: z.string(),
  SourceArn: z.string().optional(),
});
const GatewayResponseProperties = z.object({
  ResponseType: z.string(),
  StatusCode: z.coerce.number().optional(),
  ResponseParameters: z.record(z.string(), z.string()).default({}),
  ResponseTemplates: z.record(z.string(), z.string()).default({}),
});

/** The template's one REST API with its methods, permissions, gateway responses and resource policy. */
export function readRestApi(
  template: Template,
  resolve: Resolve,
  scope: Scope,
  functions: readonly FunctionConfig[],
): RestApi {
  const read = <Schema extends z.ZodType>(type: string, schema: Schema) => resourcesOf(template, resolve, type, schema);
  const api = only(read('AWS::ApiGateway::RestApi', ApiProperties), 'REST API');
  const stage = only(read('AWS::ApiGateway::Stage', StageProperties), 'stage').properties.StageName;
  const paths = pathsOf(read('AWS::ApiGateway::Resource', ResourceProperties));
  const permissions = read('AWS::Lambda::Permission', PermissionProperties).map(({ properties }) => properties);

  const toRoute = ({
    HttpMethod: httpMethod,
    ResourceId: resourceId,
    Integration,
  }: z.output<typeof MethodProperties>) => {
    const arn = /\/functions\/(.+)\/invocations$/.exec(Integration.Uri)?.[1];
    const target = functions.find((candidate) => candidate.arn === arn);
    if (!target)
      throw new TemplateError(
        `a method of the API is integrated with ${Integration.Uri}, which is not a function of this stack`,
      );
    const resource = paths(resourceId);
    const method = httpMethod === 'ANY' ? '*' : httpMethod;
    const caller = `arn:aws:execute-api:${scope.region}:${scope.accountId}:${api.logicalId}/${stage}/${method}${resource}`;
    const permitted = permissions.some(
      ({ FunctionName, Principal, SourceArn = '*' }) =>
        [target.name, target.arn].includes(FunctionName) &&
        Principal === 'apigateway.amazonaws.com' &&
        matchesWildcard(SourceArn, caller),
    );
    return { resource, resourceId, httpMethod, target, permitted, timeoutMs: Integration.TimeoutInMillis };
  };

  return {
    id: api.logicalId,
    stage,
    accountId: scope.accountId,
    routes: read('AWS::ApiGateway::Method', MethodProperties).map(({ properties }): Route => toRoute(properties)),
    binaryMediaTypes: api.properties.BinaryMediaTypes,
    policy: api.properties.Policy?.Statement,
    gatewayResponses: new Map(
      read('AWS::ApiGateway::GatewayResponse', GatewayResponseProperties).map(({ properties }) => [
        properties.ResponseType,
        toGatewayResponse(properties),
      ]),
    ),
  };
}

function only<Element>(found: readonly Element[], what: string): Element {
  const [first, second] = found;
  if (first === undefined || second !== undefined) throw new TemplateError(`the template must have one ${what}`);
  return first;
}

type Resources = readonly { logicalId: string; properties: z.output<typeof ResourceProperties> }[];

/** The full path of a resource, from its parents. The root is nobody's child. */
const pathsOf =
  (resources: Resources) =>
  (id: string): string => {
    const parts: string[] = [];
    for (let at = find(resources, id); at; at = find(resources, at.properties.ParentId))
      parts.unshift(at.properties.PathPart);
    return `/${parts.join('/')}`;
  };

const find = (resources: Resources, id: string) => resources.find(({ logicalId }) => logicalId === id);

/** Header values stand in single quotes in the template. */
const toGatewayResponse = (properties: z.output<typeof GatewayResponseProperties>): GatewayResponse => ({
  status: properties.StatusCode,
  template: properties.ResponseTemplates['application/json'],
  headers: Object.fromEntries(
    Object.entries(properties.ResponseParameters).map(([name, value]) => [
      name.replace('gatewayresponse.header.', '').toLowerCase(),
      value.replace(/^'(.*)'$/, '$1'),
    ]),
  ),
});
