import { onfido } from '../../lambdas/providers/onfido.ts';
import { agrees, load } from './oracle.ts';

const { WebhookEventVerifier } = await load<{
  WebhookEventVerifier: new (token: string) => { readPayload(body: Buffer, signature: string): unknown };
}>('@onfido/api');

agrees('@onfido/api', {
  provider: onfido,
  accepts: ({ body, headers, secret }) =>
    new WebhookEventVerifier(secret).readPayload(body, headers['x-sha2-signature'] ?? ''),
  differences: {
    'bytes that are not UTF-8': 'the SDK parses the body, and this is not JSON',
    'a character more': 'the SDK decodes hex as far as it goes',
  },
});
