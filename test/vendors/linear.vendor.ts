import { linear } from '../../lambdas/providers/linear.ts';
import { agrees, load } from './oracle.ts';

const { LinearWebhookClient } = await load<{
  LinearWebhookClient: new (secret: string) => { verify(body: Buffer, signature: string): boolean };
}>('@linear/sdk/webhooks');

const NO_TIME = 'the SDK refuses a body without a time, and one that is not JSON';

agrees('@linear/sdk', {
  provider: linear,
  accepts: ({ body, headers, secret }) =>
    new LinearWebhookClient(secret).verify(body, headers['linear-signature'] ?? ''),
  differences: {
    'text beyond ASCII': NO_TIME,
    'line breaks at the end': NO_TIME,
    'bytes that are not UTF-8': NO_TIME,
    'a signature in upper case': 'the SDK compares text',
  },
});
