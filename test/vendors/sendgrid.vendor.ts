import { sendgrid } from '../../lambdas/providers/sendgrid.ts';
import { agrees, load } from './oracle.ts';

const { EventWebhook } = await load<{
  EventWebhook: new () => {
    convertPublicKeyToECDSA(key: string): object;
    verifySignature(key: object, body: Buffer, signature: string, timestamp: string): boolean;
  };
}>('@sendgrid/eventwebhook');

agrees('@sendgrid/eventwebhook', {
  provider: sendgrid,
  accepts({ body, headers, secret }) {
    const sdk = new EventWebhook();
    return sdk.verifySignature(
      sdk.convertPublicKeyToECDSA(secret),
      body,
      headers['x-twilio-email-event-webhook-signature'] ?? '',
      headers['x-twilio-email-event-webhook-timestamp'] ?? '',
    );
  },
  differences: {
    'bytes that are not UTF-8': 'the SDK hashes text',
    'a character more': 'the SDK passes over what follows the signature',
  },
});
