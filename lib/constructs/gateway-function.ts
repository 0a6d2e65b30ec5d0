import { Duration } from 'aws-cdk-lib';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import {
  Architecture,
  CfnFunction,
  Code,
  Function,
  LayerVersion,
  LoggingFormat,
  Runtime,
  SystemLogLevel,
  Tracing,
} from 'aws-cdk-lib/aws-lambda';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import { ENV } from '../../lambdas/contract.ts';
import type { Bundler, BundleRequest } from '../bundle.ts';
import type { HookgateConfig, SourceConfig } from '../config/config.ts';
import type { NetworkConfig } from '../config/network.ts';
import type { OrderConfig } from '../config/order.ts';
import { stackName } from '../config/stack-names.ts';
import type { RegionFeatures } from '../region.ts';
import { Logs } from './logs.ts';
import { grantInterfaces } from './network-interfaces.ts';
import { nameInTemplate, rolePath } from './names.ts';

/** A function's variables, by their names in the contract. */
export type FunctionVariables = Readonly<Partial<Record<keyof typeof ENV, string | number>>>;

export interface GatewayFunctionProps extends BundleRequest {
  /** Default: a name that CloudFormation makes. */
  readonly functionName?: string;
  readonly description: string;
  readonly memoryMb: number;
  readonly timeoutSeconds: number;
  /** Concurrency that the function has to itself, and at most. */
  readonly reservedConcurrency?: number | undefined;
  readonly environment: FunctionVariables;
  /** Variables of the customer's own beside them. */
  readonly variables?: Readonly<Record<string, string>> | undefined;
  /** ARNs of layers' versions. */
  readonly layers?: readonly string[] | undefined;
  /** A network of the customer's to run in. */
  readonly network?: NetworkConfig | undefined;
  readonly config: HookgateConfig;
  readonly key: IKey;
  readonly bundle: Bundler;
  readonly features: RegionFeatures;
  /** The function's task, as a part of its role's path: `processor`. Policies tell the roles of one part by it. */
  readonly part?: 'processor';
}

/**
 * A function of the gateway. Its role starts with its own log group and nothing else: what it uses, grants. No managed policy
 * widens that.
 */
export class GatewayFunction extends Function {
  constructor(scope: Construct, id: string, props: GatewayFunctionProps) {
    const logGroup = new Logs(scope, `${id}Logs`, props);
    const role = new Role(scope, `${id}Role`, {
      assumedBy: new ServicePrincipal('lambda.amazonaws.com'),
      ...(props.part && { path: rolePath(props.config, props.part) }),
    });
    logGroup.grantWrite(role);
    if (props.network) grantInterfaces(role);
    super(scope, id, {
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      handler: 'index.handler',
      code: Code.fromAsset(props.bundle(props)),
      ...(props.functionName !== undefined && { functionName: props.functionName }),
      description: props.description,
      memorySize: props.memoryMb,
      timeout: Duration.seconds(props.timeoutSeconds),
      ...(props.reservedConcurrency !== undefined && { reservedConcurrentExecutions: props.reservedConcurrency }),
      environment: { ...props.variables, ...toVariables({ gateway: stackName(props.config), ...props.environment }) },
      // At this level Lambda logs the invocations that failed, and not two lines about each that succeeded.
      ...(props.features.jsonLogFormat && {
        loggingFormat: LoggingFormat.JSON,
        systemLogLevelV2: SystemLogLevel.WARN,
      }),
      // A function that a queue starts has no request whose trace it could follow: it is traced if the delivery was.
      tracing: props.part === 'processor' ? Tracing.PASS_THROUGH : Tracing.ACTIVE,
      logGroup,
      role,
    });
    nameInTemplate(role, `${id}Role`);
    nameInTemplate(this, id);
    for (const [index, arn] of (props.layers ?? []).entries())
      this.addLayers(LayerVersion.fromLayerVersionArn(this, `Layer${index}`, arn));
    if (props.network) this.enter(props.network);
  }

  /** CDK's own `vpc` wants to look the network up: its ids are all that Lambda needs. */
  private enter({ subnetIds, securityGroupIds }: NetworkConfig): void {
    const resource = this.node.defaultChild;
    if (!(resource instanceof CfnFunction)) throw new Error(`${this.node.path} has no function`);
    resource.vpcConfig = { subnetIds: [...subnetIds], securityGroupIds: [...securityGroupIds] };
  }
}

const toVariables = (environment: FunctionVariables): Record<string, string> =>
  Object.fromEntries(
    Object.entries(environment).map(([name, value]) => [ENV[name as keyof typeof ENV], String(value)]),
  );

/** The variables that a function reads its source from: lambdas/adapters/source.ts. */
export const sourceSettings = ({
  name,
  provider,
  options,
  windowSeconds,
  maxBodyBytes,
  order,
}: SourceConfig): FunctionVariables => ({
  source: name,
  provider: provider.name,
  options: JSON.stringify(options),
  windowSeconds,
  maxBodyBytes,
  ...orderSettings({ order }),
});

/** The variables that a function reads the order of a source's events from; none if they have no order. */
export const orderSettings = ({ order }: { readonly order?: OrderConfig | undefined }): FunctionVariables =>
  order ? { order: JSON.stringify(order) } : {};
