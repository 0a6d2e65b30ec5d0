import { razorpay } from '../../lambdas/providers/razorpay.ts';
import { agrees, load } from './oracle.ts';

const { validateWebhookSignature } = await load<{
  validateWebhookSignature: (body: string, signature: string, secret: string) => boolean;
}>('razorpay/dist/utils/razorpay-utils.js');

agrees('razorpay', {
  provider: razorpay,
  accepts: ({ text, headers, secret }) => validateWebhookSignature(text, headers['x-razorpay-signature'] ?? '', secret),
  differences: {
    'bytes that are not UTF-8': 'the SDK hashes text',
    'a signature in upper case': 'the SDK compares text',
  },
});
