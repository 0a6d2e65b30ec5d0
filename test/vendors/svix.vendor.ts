import { Webhook } from 'svix';
import { svix } from '../../lambdas/providers/svix/index.ts';
import { agrees } from './oracle.ts';

agrees('svix', {
  provider: svix,
  accepts({ secret, body, headers }) {
    new Webhook(secret).verify(body, headers);
    return true;
  },
  signs: ({ text, secret, now }) => ({
    'svix-id': 'msg_1',
    'svix-timestamp': String(now.getTime() / 1000),
    'svix-signature': new Webhook(secret).sign('msg_1', now, text),
  }),
  differences: { 'bytes that are not UTF-8': 'the SDK hashes text' },
});
