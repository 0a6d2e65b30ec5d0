import { Webhook } from 'standardwebhooks';
import { standardWebhooks } from '../../lambdas/providers/standard-webhooks.ts';
import { agrees } from './oracle.ts';

agrees('standardwebhooks', {
  provider: standardWebhooks,
  accepts({ secret, text, headers }) {
    new Webhook(secret).verify(text, headers);
    return true;
  },
  signs: ({ text, secret, now }) => ({
    'webhook-id': 'msg_1',
    'webhook-timestamp': String(now.getTime() / 1000),
    'webhook-signature': new Webhook(secret).sign('msg_1', now, text),
  }),
  differences: { 'bytes that are not UTF-8': 'the library hashes text' },
});
