import { square } from '../../lambdas/providers/square.ts';
import { agrees, load } from './oracle.ts';

const { WebhooksHelper } = await load<{
  WebhooksHelper: {
    verifySignature(request: {
      requestBody: string;
      signatureHeader: string;
      signatureKey: string;
      notificationUrl: string;
    }): Promise<boolean>;
  };
}>('square');

agrees('square', {
  provider: square,
  accepts: ({ text, headers, secret, url }) =>
    WebhooksHelper.verifySignature({
      ...{ requestBody: text, signatureKey: secret, notificationUrl: url },
      signatureHeader: headers['x-square-hmacsha256-signature'] ?? '',
    }),
  differences: { 'bytes that are not UTF-8': 'the SDK hashes text' },
});
