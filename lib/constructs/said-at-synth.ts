import { Annotations } from 'aws-cdk-lib';
import type { Construct, IConstruct } from 'constructs';
import type { Provider } from '../../lambdas/core/provider.ts';
import type { HookgateConfig } from '../config/config.ts';

/** Says at synth, once per source, that a provider's file does not rest on the vendor's own word. */
export function warnIfUnconfirmed(scope: Construct, { name, title, documents }: Provider): void {
  if (documents.confidence === 'confirmed') return;
  Annotations.of(scope).addWarningV2(
    'hookgate:unconfirmed-provider',
    `The provider ${name} is unconfirmed: how ${title} signs is what others than ${title} say. Send one real delivery to the ` +
      'source before you rely on it.',
  );
}

/** Refuses to synthesize a production gateway whose critical alarms would reach nobody. */
export function refuseUnheardAlarms(scope: IConstruct, { production, stage, alarms }: HookgateConfig): void {
  if (!production || alarms.elsewhere || alarms.critical.length > 0) return;
  Annotations.of(scope).addError(
    `alarms.critical: names no e-mail address, and the stage ${JSON.stringify(stage)} is production: nobody would hear of a ` +
      'critical alarm. Name an address, or set alarms.elsewhere to true if the topics get their subscribers by other means.',
  );
}
