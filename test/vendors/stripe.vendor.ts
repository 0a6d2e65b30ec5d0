import Stripe from 'stripe';
import { stripe } from '../../lambdas/providers/stripe/index.ts';
import { agrees } from './oracle.ts';

agrees('stripe', {
  provider: stripe,
  accepts: ({ body, headers, secret }) =>
    Stripe.webhooks.signature?.verifyHeader(body, headers['stripe-signature'] ?? '', secret, 300),
  signs: ({ text, secret, now }) => ({
    'stripe-signature': Stripe.webhooks.generateTestHeaderString({
      ...{ payload: text, secret, timestamp: now.getTime() / 1000 },
    }),
  }),
  differences: {
    'bytes that are not UTF-8': 'the SDK hashes text',
    'a signature in upper case': 'the SDK compares text',
    'an hour ahead': 'the SDK refuses only what is too old',
  },
});
