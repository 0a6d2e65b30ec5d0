import { telnyx } from '../../lambdas/providers/telnyx/index.ts';
import { agrees, load } from './oracle.ts';

const { TelnyxWebhook } = await load<{
  TelnyxWebhook: new (publicKey: string) => {
    verify(payload: string, headers: Readonly<Record<string, string>>): Promise<void>;
  };
}>('telnyx/lib/webhooks.js');

agrees('telnyx', {
  provider: telnyx,
  // It throws if it refuses, and returns nothing if it does not.
  accepts: async ({ text, headers, secret }) => {
    await new TelnyxWebhook(secret).verify(text, headers);
    return true;
  },
  differences: { 'bytes that are not UTF-8': 'the SDK verifies text' },
});
