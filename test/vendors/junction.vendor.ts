import { Webhook } from 'svix';
import { junction } from '../../lambdas/providers/junction.ts';
import { agrees } from './oracle.ts';

// The library that Junction's page on verification prescribes.
agrees('svix', {
  provider: junction,
  accepts({ secret, text, headers }) {
    new Webhook(secret).verify(text, headers);
    return true;
  },
  signs: ({ text, secret, now }) => ({
    'svix-id': 'msg_1',
    'svix-timestamp': String(now.getTime() / 1000),
    'svix-signature': new Webhook(secret).sign('msg_1', now, text),
  }),
  differences: { 'bytes that are not UTF-8': 'the library hashes text' },
});
