import { CloudAssembly, UNKNOWN_REGION } from 'aws-cdk-lib/cx-api';
import type { CloudAssembly as Assembly } from 'aws-cdk-lib/cx-api';
import { OperatorError } from '../operator-error.ts';
import { isStackOf } from './templates.ts';
import type { StackTemplate } from './changes.ts';
import type { Templates } from './templates.ts';

/** The stacks of a gateway in an assembly, which can be of an app with others. */
export interface GatewayStacks {
  readonly templates: Templates;
  /** The region that the app deploys them to; undefined if it leaves that to whoever deploys. */
  readonly region: string | undefined;
  /** The names of the other stacks of the assembly. */
  readonly others: readonly string[];
}

/** The assembly in a directory. Throws an {@link OperatorError} if there is none. */
export function assemblyIn(directory: string): Assembly {
  try {
    return new CloudAssembly(directory);
  } catch {
    throw new OperatorError(`${directory} is not what "cdk synth" writes: name its cdk.out.`);
  }
}

/**
 * The stacks of a gateway, its sources' included. Throws an {@link OperatorError} if the assembly has no such gateway, or has it
 * several times: for several regions, or in several stages of the app.
 *
 * @param region the region to look at, if the assembly has the gateway in several; default: any
 */
export function gatewayStacks(assembly: Assembly, gateway: string, region?: string): GatewayStacks {
  const all = assembly.stacksRecursively;
  const names = all.map(({ stackName }) => stackName);
  const isThere = (own: string): boolean => region === undefined || own === UNKNOWN_REGION || own === region;
  const own = all.filter(({ stackName, environment }) => isStackOf(gateway, stackName) && isThere(environment.region));
  const templates = new Map(own.map((stack) => [stack.stackName, stack.template as StackTemplate] as const));
  if (!templates.has(gateway))
    throw new OperatorError(
      `The assembly has no stack ${gateway}${region === undefined ? '' : ` for ${region}`}, but ${names.join(', ')}: name the gateway's stack with --stack.`,
    );
  const regions = new Set(own.map(({ environment }) => environment.region));
  if (templates.size < own.length || regions.size > 1)
    throw new OperatorError(
      regions.size > 1
        ? `The assembly has ${gateway} for ${[...regions].join(', ')}: choose one with --region.`
        : `The assembly has several stacks ${gateway}: name the assembly of one stage, such as cdk.out/assembly-<stage>, with --assembly.`,
    );
  const [only] = regions;
  return {
    templates,
    region: only === UNKNOWN_REGION ? undefined : only,
    others: [...new Set(names.filter((name) => !templates.has(name)))],
  };
}
