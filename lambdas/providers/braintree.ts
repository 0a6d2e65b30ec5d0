import { createSecretKey, hash } from 'node:crypto';
import { FORM, readForm } from '../core/content.ts';
import type { Answer, Delivery } from '../core/delivery.ts';
import type { ReadContext } from '../core/envelope.ts';
import { keyOfBody } from '../core/event-key.ts';
import { handshakeToken } from '../core/handshake-token.ts';
import { sha256 } from '../core/hash.ts';
import { defineProvider } from '../core/provider.ts';
import { Received } from '../core/received.ts';
import { ok, refuse } from '../core/result.ts';
import { readText } from '../core/schemes/fields.ts';
import { decodeHex, decodeMacs, DIGEST_BYTES, hmac, isOneOf } from '../core/schemes/mac.ts';
import type { Scheme } from '../core/schemes/scheme.ts';
import { secretPart } from '../core/schemes/secret-parts.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/** A challenge is signed with the key of the notifications: a payload that could be one is not a notification. */
const CHALLENGE = handshakeToken('0-9a-f', 32);
const isChallenge = (text: string): boolean => /^[0-9a-f]{20,32}$/.test(text);

/**
 * The HMAC-SHA-1 of `bt_payload`, in hex, under the SHA-1 of the private key: beside the public key that belongs to it, in
 * `bt_signature`. A payload may be signed with a line break after it.
 */
const scheme: Scheme = {
  title: 'HMAC-SHA-1 of the payload, hex, in the body',
  coverage: 'body',
  headers: [],

  read({ body }) {
    const { payload, signature } = fieldsOf(body);
    if (payload === undefined || signature === undefined) return refuse('missing_signature');
    const pairs = signature.split('&').map((pair) => pair.split('|'));
    const macs = decodeMacs(
      pairs.map(([, mac = '']) => mac),
      (text) => decodeHex(text, DIGEST_BYTES.sha1),
    );
    if (!macs.ok || !/^[\w+/=\n]+$/.test(payload) || isChallenge(payload.trim())) return refuse('malformed_signature');
    return ok({
      matches(secret: string) {
        const { publicKey, privateKey } = keysOf(secret);
        const [, text = ''] = pairs.find(([key]) => key === publicKey) ?? [];
        const mac = decodeHex(text, DIGEST_BYTES.sha1);
        if (publicKey === '' || privateKey === '' || !mac) return false;
        return isOneOf([mac], macOf(privateKey, payload)) || isOneOf([mac], macOf(privateKey, `${payload}\n`));
      },
    });
  },

  sign({ body, secrets: [secret] }) {
    const { payload } = fieldsOf(body);
    if (payload === undefined) return { headers: {} };
    const { publicKey, privateKey } = keysOf(secret);
    const bt_signature = `${publicKey}|${macOf(privateKey, payload).toString('hex')}`;
    return { headers: {}, body: Buffer.from(formOf(bt_signature, payload)) };
  },

  accepts: (secret) => Object.values(keysOf(secret)).every((key) => key !== ''),
  secretFrom(seed) {
    const secret = JSON.stringify({ publicKey: sha256(seed).slice(0, 16), privateKey: seed });
    return { stored: secret, signing: secret };
  },
};

/**
 * Braintree, by its page "Webhooks: parse" and its SDK (3.40.0): a form whose `bt_payload` is the base64 of an XML text, and whose
 * `bt_signature` signs it. It asks by GET whether the endpoint has the keys, when a webhook is made.
 */
export const braintree = defineProvider({
  name: 'braintree',
  title: 'Braintree',
  field: 'payments',
  documents: {
    source: 'https://developer.paypal.com/braintree/docs/guides/webhooks/parse/node',
    confidence: 'confirmed',
  },
  methods: ['POST', 'GET'],
  scheme,
  secret: {
    madeBy: 'provider',
    parts: { publicKey: 'the public key of the API key', privateKey: 'the private key of the API key' },
  },
  identity: 'none',
  content: [FORM],
  rejectionStatus: 401,
  retryHorizonSeconds: 86_400,
  options: {},

  readEvents({ body }) {
    const { payload = '' } = fieldsOf(body);
    const xml = Buffer.from(payload, 'base64').toString('utf8');
    // Only what is beside the subject: that has elements of the same names.
    const [before = '', rest = ''] = xml.split('<subject');
    const own = before + rest.slice(rest.lastIndexOf('</subject>') + 1);
    const type = readText(/<kind>([^<]{1,200})<\/kind>/.exec(own)?.[1]);
    return {
      // Of the payload alone: a retry can be signed with other keys.
      key: keyOfBody(sha256(Buffer.from(payload, 'base64'))),
      type,
      time: parseIsoTime(/<timestamp[^>]{0,99}>([^<]{1,40})<\/timestamp>/.exec(own)?.[1]),
      quarantine: type === undefined ? 'no_event_type' : undefined,
    };
  },

  handshakes: { token: CHALLENGE, challenge: answerChallenge },

  sample({ id, now, type = 'subscription_charged_successfully' }) {
    const subject = `<subscription><id>${sha256(id)}</id><description>Naïve ☕</description></subscription>`;
    const xml = `<notification>
  <timestamp type="datetime">${now.toISOString()}</timestamp>
  <kind>${type}</kind>
  <subject>${subject}</subject>
</notification>`;
    return {
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body: formOf('', `${Buffer.from(xml).toString('base64')}\n`),
    };
  },
});

const formOf = (bt_signature: string, bt_payload: string): string =>
  new URLSearchParams({ bt_signature, bt_payload }).toString();

/** The two fields; neither if the form has a third, which nothing would sign, or one of them twice. */
function fieldsOf(body: Buffer): { readonly payload?: string | undefined; readonly signature?: string | undefined } {
  const form = readForm(body);
  const values = [...(form?.values() ?? [])];
  if (values.length > 2 || values.some(({ length }) => length !== 1)) return {};
  return { payload: form?.get('bt_payload')?.[0], signature: form?.get('bt_signature')?.[0] };
}

const keysOf = (secret: string) => ({
  publicKey: secretPart(secret, 'publicKey') ?? '',
  privateKey: secretPart(secret, 'privateKey') ?? '',
});

const macOf = (privateKey: string, text: string): Buffer =>
  hmac('sha1', createSecretKey(hash('sha1', privateKey, 'buffer')), text);

/** `?bt_challenge=<hex>`: the public key and the challenge's MAC come back as text. */
function answerChallenge(delivery: Delivery, secret: string, context: ReadContext): Answer | undefined {
  const challenge = new Received(delivery, context).query.get('bt_challenge') ?? '';
  const { publicKey, privateKey } = keysOf(secret);
  if (delivery.method !== 'GET' || !isChallenge(challenge) || publicKey === '' || privateKey === '') return undefined;
  return { status: 200, body: `${publicKey}|${macOf(privateKey, challenge).toString('hex')}` };
}
