import { describe, expect, it } from '@jest/globals';
import { twilio } from '../../lambdas/providers/twilio/index.ts';
import { delivery, refusal, SECRET, signed, URL_OF_SOURCE } from '../lambdas/providers/deliveries.ts';
import { load } from './oracle.ts';

type Fields = Readonly<Record<string, string | string[]>>;

const sdk = await load<{
  validateRequest: (token: string, signature: string, url: string, fields: Fields) => boolean;
  validateRequestWithBody: (token: string, signature: string, url: string, body: string) => boolean;
  getExpectedTwilioSignature: (token: string, url: string, fields: Fields) => string;
}>('twilio/lib/webhooks/webhooks.js');

const FIELDS: readonly (readonly [what: string, fields: Fields])[] = [
  ['one field', { MessageSid: 'SM1' }],
  ['names in another order', { b: '2', a: '1', B: '3', _: '4' }],
  ['a name with several values, one of them twice', { MediaUrl: ['b', 'a', 'b'], Body: 'x' }],
  ['text beyond ASCII, escapes and an empty value', { Body: 'naïve ☕ & more=', Empty: '', Naïve: '+' }],
  ['no field', {}],
];
const URLS = [
  URL_OF_SOURCE,
  'https://hooks.example.com:443/twilio?a=1&b=2',
  'https://hooks.example.com:8443/twilio',
  "https://hooks.example.com/it's?name=caf%C3%A9",
];

const formOf = (fields: Fields): string =>
  new URLSearchParams(
    Object.entries(fields).flatMap(([name, values]) => [values].flat().map((value): [string, string] => [name, value])),
  ).toString();

describe.each(URLS)('twilio, against twilio, at %s', (publicUrl) => {
  it.each(FIELDS)('agrees about a form of %s, in both directions', (_what, fields) => {
    const body = formOf(fields);
    const [ours = ''] = signed(twilio, body, { url: publicUrl }).headers.get('x-twilio-signature') ?? [];
    expect(sdk.validateRequest(SECRET, ours, publicUrl, fields)).toBe(true);
    const theirs = sdk.getExpectedTwilioSignature(SECRET, publicUrl, fields);
    const says = (signature: string, text = body) =>
      refusal(twilio, delivery({ 'x-twilio-signature': signature }, text), { options: { publicUrl } });
    expect(says(theirs)).toBe('accepted');
    expect(says(theirs, body === '' ? 'a=b' : `${body}&more=1`)).toBe('signature_mismatch');
    expect(sdk.validateRequest(SECRET, theirs, publicUrl, { ...fields, more: '1' })).toBe(false);
  });

  it('agrees about the port and about what a browser would write', () => {
    for (const spelling of [publicUrl.replace(/:\d+\//, '/'), new URL(publicUrl).href]) {
      const theirs = sdk.getExpectedTwilioSignature(SECRET, spelling, { a: '1' });
      expect(sdk.validateRequest(SECRET, theirs, publicUrl, { a: '1' })).toBe(true);
      const of = delivery({ 'x-twilio-signature': theirs }, 'a=1');
      expect(refusal(twilio, of, { options: { publicUrl } })).toBe('accepted');
    }
  });

  it('agrees about JSON, whose hash is in the URL', () => {
    const body = '{"note":"naïve ☕"}';
    const of = signed(twilio, body, { url: publicUrl });
    const [ours = ''] = of.headers.get('x-twilio-signature') ?? [];
    expect(sdk.validateRequestWithBody(SECRET, ours, of.url, body)).toBe(true);
    expect(sdk.validateRequestWithBody(SECRET, ours, of.url, `${body} `)).toBe(false);
    expect(refusal(twilio, of, { options: { publicUrl } })).toBe('accepted');
    expect(refusal(twilio, { ...of, body: Buffer.from(`${body} `) }, { options: { publicUrl } })).toBe(
      'signature_mismatch',
    );
  });
});
