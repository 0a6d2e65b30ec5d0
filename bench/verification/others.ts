import { verify as octokitVerify } from '@octokit/webhooks-methods';
import { WebhookVerificationService } from '@hookflo/tern';
import { createHmac } from 'node:crypto';
import { Webhook as StandardWebhook } from 'standardwebhooks';
import Stripe from 'stripe';
import { Webhook as SvixWebhook } from 'svix';
import { providerNamed } from '../../lambdas/providers/index.ts';
import { bodyOf } from '../bodies.ts';
import type { Subject } from '../measure.ts';
import { SECRET, URL_OF_SOURCE } from '../sources.ts';

/** A library's verification of its own scheme, and the provider here whose scheme comes nearest. */
export interface OtherSubject extends Subject {
  readonly nearest: 'osigu' | 'optum';
}

const hmac = (encoding: 'hex' | 'base64', key: string | Buffer, ...parts: readonly (string | Buffer)[]): string => {
  const mac = createHmac('sha256', key);
  for (const part of parts) mac.update(part);
  return mac.digest(encoding);
};

/**
 * The verifications of other libraries, each called as its own documentation says, with the body as a server has it: in
 * bytes. If a library takes only text, making it is a part of what it costs. None has to parse the body.
 */
export function otherSubjects(bytes: number, now: Date): OtherSubject[] {
  const body = bodyOf(providerNamed('osigu'), bytes, now);
  const seconds = String(Math.floor(now.getTime() / 1000));
  const key = Buffer.from(SECRET).toString('base64');
  const id = 'msg_bench';
  const standard = {
    'webhook-id': id,
    'webhook-timestamp': seconds,
    'webhook-signature': `v1,${hmac('base64', Buffer.from(SECRET), `${id}.${seconds}.`, body)}`,
  };
  const [standardWebhook, svix] = [new StandardWebhook(key), new SvixWebhook(key)];
  const github = `sha256=${hmac('hex', SECRET, body)}`;
  const stripeHeader = `t=${seconds},v1=${hmac('hex', SECRET, `${seconds}.`, body)}`;
  const { signature } = Stripe.webhooks;
  return [
    {
      name: 'standardwebhooks',
      nearest: 'osigu',
      run: () => standardWebhook.verify(body, standard, { jsonParse: false }),
    },
    { name: 'svix', nearest: 'osigu', run: () => svix.verify(body, standard) },
    {
      name: 'stripe',
      nearest: 'osigu',
      run: () => confirm(signature?.verifyHeader(body, stripeHeader, SECRET, 600) === true),
    },
    {
      name: '@octokit/webhooks-methods',
      nearest: 'optum',
      run: async () => confirm(await octokitVerify(SECRET, body.toString('utf8'), github)),
    },
    { name: '@hookflo/tern', nearest: 'optum', run: async () => confirm(await ternVerify(body, github)) },
  ];
}

/** Its verification takes a request of the Fetch API, and reads it: each delivery is one. */
async function ternVerify(body: Buffer, signature: string): Promise<boolean> {
  const request = new Request(URL_OF_SOURCE, {
    method: 'POST',
    headers: { 'x-hub-signature-256': signature },
    body: new Uint8Array(body.buffer, body.byteOffset, body.length) as Uint8Array<ArrayBuffer>,
  });
  const { isValid } = await WebhookVerificationService.verifyWithPlatformConfig(request, 'github', SECRET);
  return isValid;
}

function confirm(isValid: boolean): void {
  if (!isValid) throw new Error('a library refused its own signature');
}
