import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { Hookgate } from './hookgate.ts';
import type { HookgateProps } from './hookgate.ts';

/** A stack that holds a gateway and nothing else. In a production stage it refuses deletion. */
export class HookgateStack extends Stack {
  readonly gateway: Hookgate;

  constructor(scope: Construct, id: string, props: HookgateProps) {
    super(scope, id, {
      description: 'Hookgate: a webhook gateway',
      terminationProtection: props.config.production,
    });
    this.gateway = new Hookgate(this, 'Hookgate', props);
  }
}
