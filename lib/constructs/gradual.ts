import { CfnResource, Stack } from 'aws-cdk-lib';
import { Alarm } from 'aws-cdk-lib/aws-cloudwatch';
import { LambdaApplication, LambdaDeploymentConfig, LambdaDeploymentGroup } from 'aws-cdk-lib/aws-codedeploy';
import type { ILambdaDeploymentConfig } from 'aws-cdk-lib/aws-codedeploy';
import { Grant, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { Alias } from 'aws-cdk-lib/aws-lambda';
import type { IFunction, IVersion } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { IConstruct } from 'constructs';
import type { HookgateConfig } from '../config/config.ts';
import { deploymentConfigName } from '../config/gradual.ts';
import type { GradualConfig } from '../config/gradual.ts';
import { ALIAS, alarmName, stackName } from '../config/stack-names.ts';
import type { AlarmTopics } from './alarms/alarm-topics.ts';
import { Alarms } from './alarms/alarms.ts';
import { newVersionAlarm } from './alarms/new-version.ts';
import type { GatewayFunction } from './gateway-function.ts';
import { nameInTemplate } from './names.ts';

export interface GradualProps {
  readonly config: HookgateConfig;
  readonly topics: AlarmTopics;
  readonly gradual: GradualConfig;
}

/** A function whose new versions come into force gradually. */
export interface Released {
  /** The source or the target that it works for. */
  readonly name: string;
  readonly part: 'verifier' | 'processor';
}

/**
 * Has new versions of a source's functions take a part of the calls first. CodeDeploy moves an alias from version to version, and back
 * if an alarm of the new version goes on. All of it is in the stack of the source: nothing that another stack imports comes or goes.
 */
export class Gradual extends Construct {
  private readonly application: LambdaApplication;
  private readonly routing: ILambdaDeploymentConfig;
  private readonly role: Role;
  private readonly props: GradualProps;

  /** @param prefix the start of the logical ids: the source's name */
  constructor(scope: Construct, prefix: string, props: GradualProps) {
    super(scope, `${prefix}Gradual`);
    this.props = props;
    this.application = new LambdaApplication(this, 'Application');
    // Not a resource: CodeDeploy's own, which no quota counts and which cannot be taken away under a group that names it.
    const routing = deploymentConfigName(props.gradual);
    this.routing = LambdaDeploymentConfig.fromLambdaDeploymentConfigName(this, 'Routing', routing);
    this.role = new Role(this, 'Role', { assumedBy: new ServicePrincipal('codedeploy.amazonaws.com') });
    const { partition, region, account } = Stack.of(this);
    Grant.addToPrincipal({
      grantee: this.role,
      actions: ['cloudwatch:DescribeAlarms'],
      resourceArns: [`arn:${partition}:cloudwatch:${region}:${account}:alarm:*`],
    });
    nameInTemplate(this.role, `${prefix}GradualRole`);
  }

  /** The alias of the function that callers call in its place. */
  release(fn: GatewayFunction, { name, part }: Released): IFunction {
    const { config, topics, gradual } = this.props;
    const gateway = stackName(config);
    // By the CDK's types neither is quite what it implements, if optional properties are exact.
    const published = fn.currentVersion;
    const version = { number: published.version, logicalId: logicalIdOf(published) };
    const alias = new Alias(fn, 'Alias', { aliasName: ALIAS, version: published as IVersion });
    nameInTemplate(alias, `${fn.node.id}Alias`);
    const row = newVersionAlarm({ gateway, name, part, functionName: fn.functionName, version, gradual });
    const alarms = new Alarms(fn, 'Alarms', {
      ...{ rows: [row], gateway, source: name, topics },
      docsUrl: config.docsUrl,
    });
    const alarm = Alarm.fromAlarmName(fn, 'Alarm', alarmName(gateway, row.id, name, version.number));
    Grant.addToPrincipal({
      grantee: this.role,
      actions: ['lambda:GetAlias', 'lambda:UpdateAlias', 'lambda:GetProvisionedConcurrencyConfig'],
      // Not by the alias itself, which waits for this role.
      resourceArns: [fn.functionArn, `${fn.functionArn}:${ALIAS}`],
    });
    const group = new LambdaDeploymentGroup(fn, 'Deployments', {
      ...{ application: this.application, deploymentConfig: this.routing, alias, alarms: [alarm] },
      // Its permissions are granted here: AWS's own policy reaches every function of the account.
      role: this.role.withoutPolicyUpdates(),
    });
    resourceOf(group).node.addDependency(alarms, this.role);
    return alias as IFunction;
  }
}

function resourceOf({ node }: IConstruct): CfnResource {
  if (!CfnResource.isCfnResource(node.defaultChild)) throw new Error(`${node.path} has no resource`);
  return node.defaultChild;
}

const logicalIdOf = (construct: IConstruct): string => resourceOf(construct).logicalId;
