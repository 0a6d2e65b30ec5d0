import { notion } from '../../lambdas/providers/notion.ts';
import { agrees, load } from './oracle.ts';

const { verifyWebhookSignature, signWebhookPayload } = await load<{
  verifyWebhookSignature: (given: object) => Promise<boolean>;
  signWebhookPayload: (given: object) => Promise<string>;
}>('@notionhq/client');

agrees('@notionhq/client', {
  provider: notion,
  accepts: ({ body, headers, secret }) =>
    verifyWebhookSignature({ body, signature: headers['x-notion-signature'], verificationToken: secret }),
  signs: async ({ text, secret }) => ({
    'x-notion-signature': await signWebhookPayload({ body: text, verificationToken: secret }),
  }),
});
