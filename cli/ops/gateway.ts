import {
  CloudFormationClient,
  DescribeStackResourceCommand,
  DescribeStacksCommand,
} from '@aws-sdk/client-cloudformation';
import { z } from 'zod';
import { pascalCase, sourceStackName, stackName } from '../../lib/config/stack-names.ts';
import { errorCode, OperatorError } from '../operator-error.ts';
import { localOrigin, OPERATOR_HEADER } from '../local-gateway.ts';
import type { ShellEnvironment } from '../local-gateway.ts';

/** How an AWS client finds its service; on AWS nothing but a region, because the SDK finds the rest where it always looks. */
export interface ClientSettings {
  readonly region?: string;
  readonly endpoint?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly useQueueUrlAsEndpoint?: boolean;
}

/** The gateway that a command works on. */
export interface OperatedGateway {
  /** As an operator would call it: `hookgate-dev` or `http://127.0.0.1:4000`. */
  readonly name: string;
  readonly isLocal: boolean;
  /** The value of an output of what all sources share, such as `LedgerTable`. */
  output(name: string): string;
  /** The value of an output of a source, by the end of its name: `SecretName` is `OsiguSecretName`. */
  outputOf(source: string, name: string): Promise<string>;
  /** The physical id of a resource of a source, by the end of its logical id: a queue's URL, the name of a function. */
  resourceOf(source: string, part: string): Promise<string>;
  /** An AWS client for the gateway's account and region, or for its stand-ins. */
  client<Client>(Kind: new (settings: ClientSettings) => Client): Client;
  /** A view of the local gateway (`/_local/…`) as its schema reads it; absent on AWS. */
  view?<Schema extends z.ZodType>(path: string, schema: Schema): Promise<z.output<Schema>>;
}

/** The values of the options `--local`, `--stage` and `--region`. */
export interface GatewayOptions {
  readonly local?: boolean;
  readonly stage?: string;
  readonly region?: string;
}

/** Finds the gateway. Throws an {@link OperatorError} if there is none. */
export const findGateway = (
  options: GatewayOptions,
  config: { readonly name: string; readonly stage: string },
  env: ShellEnvironment,
): Promise<OperatedGateway> =>
  options.local
    ? localGateway(localOrigin(env))
    : deployedGateway(stackName({ name: config.name, stage: options.stage ?? config.stage }), options.region);

/** A deployed gateway, by the outputs and resources of its stacks. The credentials are those that the AWS CLI would use. */
async function deployedGateway(name: string, region?: string): Promise<OperatedGateway> {
  const settings: ClientSettings = { ...(region !== undefined && { region }), useQueueUrlAsEndpoint: false };
  const cloudFormation = new CloudFormationClient(settings);
  const outputsOf = async (stackName: string) => {
    const { Stacks: [stack] = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: stackName }));
    return new Map(stack?.Outputs?.map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
  };
  const outputs = await outputsOf(name);
  return {
    name,
    isLocal: false,
    output: (key) => outputs.get(key) ?? missing(name, `output ${key}`),
    async outputOf(source, key) {
      const [stack, output] = [sourceStackName(name, source), pascalCase(source) + key];
      return (await outputsOf(stack)).get(output) ?? missing(stack, `output ${output}`);
    },
    async resourceOf(source, part) {
      const [stack, logicalId] = [sourceStackName(name, source), pascalCase(source) + part];
      const command = new DescribeStackResourceCommand({ StackName: stack, LogicalResourceId: logicalId });
      const { StackResourceDetail: resource } = await cloudFormation.send(command);
      return resource?.PhysicalResourceId ?? missing(stack, `resource ${logicalId}`);
    },
    client: (Kind) => new Kind(settings),
  };
}

const LocalStack = z.object({
  outputs: z.record(z.string(), z.string()),
  resources: z.record(z.string(), z.string()),
});

const LocalAccess = z.object({
  region: z.string(),
  endpoint: z.string(),
  credentials: z.object({ accessKeyId: z.string(), secretAccessKey: z.string(), sessionToken: z.string() }),
});

/** The gateway of `npm start`. It tells where its stand-ins are, and what its stack's outputs and resources are called. */
async function localGateway(origin: string): Promise<OperatedGateway> {
  const { outputs, resources } = await localView(origin, '/_local/stack', LocalStack);
  // This machine's own credentials have no business at the stand-ins.
  const access = await localView(origin, '/_local/access', LocalAccess);
  const found = (all: Readonly<Record<string, string>>, what: string, name: string): Promise<string> =>
    new Promise((resolve) => resolve(all[name] ?? missing(origin, `${what} ${name}`)));
  return {
    name: origin,
    isLocal: true,
    output: (key) => outputs[key] ?? missing(origin, `output ${key}`),
    outputOf: (source, key) => found(outputs, 'output', pascalCase(source) + key),
    resourceOf: (source, part) => found(resources, 'resource', pascalCase(source) + part),
    client: (Kind) => new Kind({ ...access, useQueueUrlAsEndpoint: false }),
    view: (path, schema) => localView(origin, path, schema),
  };
}

/** A view of the local gateway. Throws an {@link OperatorError} if no gateway shows it. */
async function localView<Schema extends z.ZodType>(
  origin: string,
  path: string,
  schema: Schema,
): Promise<z.output<Schema>> {
  const init = { headers: { [OPERATOR_HEADER]: 'ops' }, signal: AbortSignal.timeout(10_000) };
  const response = await fetch(origin + path, init).catch((error: unknown) => {
    throw new OperatorError(`No local gateway answers on ${origin} (${errorCode(error)}): start one with npm start.`);
  });
  const view = schema.safeParse(await response.json().catch(() => undefined));
  if (!view.success) throw new OperatorError(`The server on ${origin} is not a local gateway.`);
  return view.data;
}

function missing(gateway: string, what: string): never {
  throw new OperatorError(`${gateway} has no ${what}: is it deployed from this hookgate.config.ts?`);
}
