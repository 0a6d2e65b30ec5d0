import { Annotations } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Provider } from '../../lambdas/core/provider.ts';

/** Says at synth, once per source, that a provider's file does not rest on the vendor's own word. */
export function warnIfUnconfirmed(scope: Construct, { name, title, documents }: Provider): void {
  if (documents.confidence === 'confirmed') return;
  Annotations.of(scope).addWarningV2(
    'hookgate:unconfirmed-provider',
    `The provider ${name} is unconfirmed: how ${title} signs is what others than ${title} say. Send one real delivery to the ` +
      'source before you rely on it.',
  );
}
