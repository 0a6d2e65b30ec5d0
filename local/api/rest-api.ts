import type { FunctionConfig } from '../lambda/function-config.ts';
import type { GatewayResponse } from './gateway-response.ts';
import type { Policy } from './resource-policy.ts';

/** A method of the API and the function behind it. */
export interface Route {
  /** The resource's path as the template has it: `/webhooks/osigu`. */
  readonly resource: string;
  readonly resourceId: string;
  /** `ANY` for every method. */
  readonly httpMethod: string;
  readonly target: FunctionConfig;
  readonly timeoutMs: number;
  /** Whether a permission of the function lets this method of the API invoke it. */
  readonly permitted: boolean;
}

/** The REST API of the template, as far as requests are concerned. */
export interface RestApi {
  readonly id: string;
  readonly stage: string;
  readonly accountId: string;
  readonly routes: readonly Route[];
  readonly binaryMediaTypes: readonly string[];
  readonly gatewayResponses: ReadonlyMap<string, GatewayResponse>;
  readonly policy: Policy;
}

/** A route that a request meets, with its path parameters; an empty object if it has none. */
export interface Match {
  readonly route: Route;
  readonly pathParameters: Readonly<Record<string, string>>;
}

/** The route of a method and path. A fixed segment goes before a parameter, and a method of its own before ANY. */
export function findRoute(routes: readonly Route[], httpMethod: string, path: string): Match | undefined {
  const matches = routes
    .filter((route) => route.httpMethod === httpMethod || route.httpMethod === 'ANY')
    .flatMap((route) => {
      const pathParameters = matchPath(route.resource, path);
      return pathParameters ? [{ route, pathParameters }] : [];
    });
  return matches.sort((a, b) => rank(a.route) - rank(b.route))[0];
}

/** Fewer variable parts first. */
const rank = ({ resource, httpMethod }: Route): number =>
  2 * (resource.match(/\{/g)?.length ?? 0) + (httpMethod === 'ANY' ? 1 : 0);

function matchPath(resource: string, path: string): Record<string, string> | undefined {
  const pattern = segments(resource);
  const actual = segments(path);
  const parameters: [string, string][] = [];
  for (const [index, part] of pattern.entries()) {
    const [, name, greedy] = /^\{(\w+)(\+?)\}$/.exec(part) ?? [];
    const value = actual[index];
    if (value === undefined) return undefined;
    if (name === undefined && value !== part) return undefined;
    if (name !== undefined && greedy) return Object.fromEntries([...parameters, [name, actual.slice(index).join('/')]]);
    if (name !== undefined) parameters.push([name, value]);
  }
  return pattern.length === actual.length ? Object.fromEntries(parameters) : undefined;
}

/** One slash at the end makes no difference. */
const segments = (path: string): string[] => path.replace(/^\//, '').replace(/\/$/, '').split('/');
