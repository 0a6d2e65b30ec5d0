import { pusher } from '../../lambdas/providers/pusher.ts';
import { agrees, load } from './oracle.ts';

interface Client {
  webhook(request: { readonly headers: Record<string, string>; readonly rawBody: string }): { isValid(): boolean };
}
const { default: Pusher } = await load<{ default: new (options: Record<string, string>) => Client }>('pusher');

agrees('pusher', {
  provider: pusher,
  accepts({ text, headers, secret }) {
    const client = new Pusher({ appId: '1', key: 'an-app-key', secret, cluster: 'eu' });
    const all = { 'content-type': 'application/json', ...headers, 'x-pusher-key': 'an-app-key' };
    return client.webhook({ headers: all, rawBody: text }).isValid();
  },
  differences: {
    'bytes that are not UTF-8': 'the SDK hashes text',
    'a signature in upper case': 'the SDK compares text',
  },
});
