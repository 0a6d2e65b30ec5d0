import { isObject } from '../../lambdas/core/json.ts';
import type { StackTemplate } from './changes.ts';
import type { Templates } from './templates.ts';

/** A route that a deployment would lead to an alias that is not there yet: its deliveries would be answered with a failure. */
export interface LostRoute {
  /** The stack of the function. */
  readonly stack: string;
  /** The name of the function. */
  readonly function: string;
  readonly alias: string;
}

interface Resource {
  readonly logicalId: string;
  readonly properties: Readonly<Record<string, unknown>>;
}

/**
 * The routes that lead deliveries to an alias of a function that is deployed without it. The API is deployed before the stacks of the
 * sources, so between the two nothing would take these deliveries. A function that is not deployed yet is left out, because nothing
 * is sent to it yet; so is a route that leads there already, because the deployment mends it.
 */
export function lostRoutes(deployed: Templates, next: Templates): LostRoute[] {
  const present = new Set([...deployed.values()].flatMap(calledAliases));
  const called = [...new Set([...next.values()].flatMap(calledAliases))].filter((each) => !present.has(each));
  return called.flatMap((each) => {
    const [name = '', alias = ''] = each.split(':');
    return [...deployed].flatMap(([stack, template]) =>
      ofType(template, 'AWS::Lambda::Function')
        .filter(({ properties }) => properties.FunctionName === name)
        .filter(({ logicalId }) => !hasAlias(template, logicalId, alias))
        .map(() => ({ stack, function: name, alias })),
    );
  });
}

/** The findings for a person: what would happen, and what to do. */
export const lostRoutesText = (routes: readonly LostRoute[]): string[] =>
  routes.flatMap(({ stack, function: name, alias }) => [
    `DELIVERIES OF ${name} WOULD FAIL: their route would lead to its alias ${alias}, which ${stack} does not have yet.`,
    '  Deploy first with gradual, but without its deliveries: true, and set that for the deployment after it.',
  ]);

/** The aliases that the API calls, as `function:alias`. */
const calledAliases = (template: StackTemplate): string[] =>
  ofType(template, 'AWS::ApiGateway::Method').flatMap(({ properties }) => {
    const [, name, alias] = /:function:([\w-]+):([\w-]+)\/invocations/.exec(JSON.stringify(properties)) ?? [];
    return name === undefined || alias === undefined ? [] : [`${name}:${alias}`];
  });

const hasAlias = (template: StackTemplate, logicalId: string, alias: string): boolean =>
  ofType(template, 'AWS::Lambda::Alias').some(
    ({ properties: { FunctionName, Name } }) =>
      Name === alias && isObject(FunctionName) && FunctionName.Ref === logicalId,
  );

const ofType = ({ Resources = {} }: StackTemplate, type: string): Resource[] =>
  Object.entries(Resources).flatMap(([logicalId, resource]) =>
    isObject(resource) && resource.Type === type && isObject(resource.Properties)
      ? [{ logicalId, properties: resource.Properties }]
      : [],
  );
