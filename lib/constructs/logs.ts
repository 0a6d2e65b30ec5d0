import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { IKey } from 'aws-cdk-lib/aws-kms';
import type { Construct } from 'constructs';
import type { HookgateConfig } from '../config/config.ts';
import { nameInTemplate } from './names.ts';

export interface LogsProps {
  readonly config: HookgateConfig;
  readonly key: IKey;
  /** Default: a name that CloudFormation makes. */
  readonly logGroupName?: string;
}

/** A log group, encrypted, for as long as the configuration says; in a production stage kept when the stack is deleted. */
export class Logs extends LogGroup {
  constructor(scope: Construct, id: string, { config, key, logGroupName }: LogsProps) {
    super(scope, id, {
      // eslint-disable-next-line @typescript-eslint/no-unsafe-enum-assignment -- the schema takes CloudWatch's periods alone
      retention: config.retention.logDays as RetentionDays,
      encryptionKey: key,
      ...(logGroupName !== undefined && { logGroupName }),
      removalPolicy: removalPolicy(config.production, logGroupName !== undefined),
    });
    nameInTemplate(this, id);
  }
}

/** A group with a name of its own that was kept after a creation that failed would be in the way of the next deployment. */
function removalPolicy(production: boolean, isNamed: boolean): RemovalPolicy {
  if (!production) return RemovalPolicy.DESTROY;
  return isNamed ? RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE : RemovalPolicy.RETAIN;
}
