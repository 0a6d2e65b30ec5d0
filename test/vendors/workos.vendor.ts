import { workos } from '../../lambdas/providers/workos.ts';
import { agrees, load } from './oracle.ts';

const { WorkOS } = await load<{
  WorkOS: new (apiKey: string) => {
    readonly webhooks: {
      verifyHeader(input: { payload: Buffer; sigHeader: string; secret: string }): Promise<boolean>;
      computeSignature(timestamp: number, payload: Buffer, secret: string): Promise<string>;
    };
  };
}>('@workos-inc/node');
const { webhooks } = new WorkOS('sk_example');

agrees('@workos-inc/node', {
  provider: workos,
  accepts: ({ body, headers, secret }) =>
    webhooks.verifyHeader({ payload: body, sigHeader: headers['workos-signature'] ?? '', secret }),
  signs: async ({ text, secret, now }) => {
    const time = now.getTime();
    const signature = await webhooks.computeSignature(time, Buffer.from(text), secret);
    return { 'workos-signature': `t=${time}, v1=${signature}` };
  },
  differences: {
    'bytes that are not UTF-8': 'the SDK hashes text',
    'a signature in upper case': 'the SDK compares text',
    'an hour ahead': 'the SDK refuses only what is too old',
  },
});
