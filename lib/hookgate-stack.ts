import { Stack } from 'aws-cdk-lib';
import type { StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { stackName } from './config/stack-names.ts';
import { Hookgate } from './hookgate.ts';
import type { HookgateProps } from './hookgate.ts';

export interface HookgateStackProps extends HookgateProps, Pick<StackProps, 'env' | 'description' | 'stackName'> {}

/** A stack that holds a gateway and nothing else. In a production stage it refuses deletion. */
export class HookgateStack extends Stack {
  readonly gateway: Hookgate;

  /** Its name is the gateway's, whatever its id is: operators' commands look for it by that name. */
  constructor(scope: Construct, id: string, { env, description, stackName: name, ...props }: HookgateStackProps) {
    super(scope, id, {
      description: description ?? 'Hookgate: a webhook gateway',
      terminationProtection: props.config.production,
      stackName: name ?? stackName(props.config),
      ...(env && { env }),
    });
    this.gateway = new Hookgate(this, 'Hookgate', props);
  }
}
