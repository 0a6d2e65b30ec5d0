import { paddle } from '../../lambdas/providers/paddle/index.ts';
import { agrees, load } from './oracle.ts';

const { Paddle } = await load<{
  Paddle: new (apiKey: string) => {
    readonly webhooks: { isSignatureValid(body: string, secret: string, signature: string): Promise<boolean> };
  };
}>('@paddle/paddle-node-sdk');

agrees('@paddle/paddle-node-sdk', {
  provider: paddle,
  accepts: ({ text, secret, headers }) =>
    new Paddle('pdl_sdbx_apikey_example').webhooks.isSignatureValid(text, secret, headers['paddle-signature'] ?? ''),
  differences: {
    'bytes that are not UTF-8': 'the SDK hashes text',
    'a signature in upper case': 'the SDK compares text',
    'a minute old': 'the SDK allows five seconds',
    'an hour ahead': 'the SDK refuses only what is too old',
  },
});
