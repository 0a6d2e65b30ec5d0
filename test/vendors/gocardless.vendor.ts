import { gocardless } from '../../lambdas/providers/gocardless/index.ts';
import { agrees, load } from './oracle.ts';

const { verifySignature } = await load<{
  verifySignature: (body: Buffer, secret: string, signature: string) => void;
}>('gocardless-nodejs/webhooks');

agrees('gocardless-nodejs', {
  provider: gocardless,
  // It throws if it refuses, and returns nothing if it does not.
  accepts: ({ body, headers, secret }) => {
    verifySignature(body, secret, headers['webhook-signature'] ?? '');
    return true;
  },
  differences: { 'a character more': 'the SDK decodes hex as far as it goes' },
});
