import { createHash, createHmac } from 'node:crypto';
import querystring from 'node:querystring';
import { describe, expect, it } from '@jest/globals';
import { cgiEscape } from '../../../lambdas/core/schemes/cgi-escape.ts';
import { honeybee } from '../../../lambdas/providers/honeybee.ts';
import { loadFixture } from './fixtures.ts';
import { delivery, ownScheme, refusal, secret, signed } from './deliveries.ts';

const NAME = 'x-honeybee-signature';
const document = loadFixture('honeybee/document');
const punctuation = loadFixture('honeybee/punctuation');

describe('the signature of Honeybee', () => {
  it("is the one of the document's example", () => {
    const { url, body, secrets } = document;
    const { headers } = ownScheme(honeybee).sign({ url, body, secrets: [secrets.current], now: new Date(0) });
    expect(headers).toEqual({ [NAME]: 'WjK28W47ZwXsBAWTVJNjTIO2fRUK' });
  });

  it("is not what the document's Node sample makes of punctuation", () => {
    const escape = (text: string): string => querystring.escape(text).replace(/%20/g, '+');
    expect(bySample(document, escape)).toBe(document.headers[NAME]);
    expect(bySample(punctuation, escape)).not.toBe(punctuation.headers[NAME]);
    expect(bySample(punctuation, (text) => cgiEscape(Buffer.from(text)).toString())).toBe(punctuation.headers[NAME]);
  });

  const mac = Buffer.from(document.headers[NAME] ?? '', 'base64');
  it.each([
    ['the MAC without the newline', mac.subarray(0, 20).toString('base64')],
    ['another byte for the newline', Buffer.concat([mac.subarray(0, 20), Buffer.from(' ')]).toString('base64')],
    ['two newlines', Buffer.concat([mac, Buffer.from('\n')]).toString('base64')],
    ['hex', mac.toString('hex')],
    ['hex without the newline', mac.subarray(0, 20).toString('hex')],
    ['a newline after the base64', `${mac.toString('base64')}\n`],
    ['padding that it does not need', `${mac.toString('base64')}=`],
    ['URL-safe base64', Buffer.concat([Buffer.alloc(20, 0xff), Buffer.from('\n')]).toString('base64url')],
  ])('is malformed as %s', (_what, value) => {
    const { body, url, secrets } = document;
    const of = delivery({ [NAME]: value }, body, { url });
    expect(refusal(honeybee, of, { secrets: [secret(secrets.current)] })).toBe('malformed_signature');
  });
});

describe('the URL that Honeybee signs', () => {
  const publicUrl = 'https://api.example.com/hooks/honeybee?tenant=1';
  const registered = signed(honeybee, '{}', { url: publicUrl });

  it("is the source's own, without the query that the caller used", () => {
    const url = 'https://api.example.com/webhooks/honeybee';
    const own = signed(honeybee, '{}', { url });
    expect(refusal(honeybee, own)).toBe('accepted');
    expect(refusal(honeybee, { ...own, url: `${url}?tenant=1` })).toBe('accepted');
    expect(refusal(honeybee, { ...own, url: `${url}/` })).toBe('signature_mismatch');
    // A query that was registered must be stated: nothing that a caller writes takes its place.
    expect(refusal(honeybee, registered)).toBe('signature_mismatch');
  });

  it('cannot trade bytes with the body', () => {
    const url = 'https://api.example.com/webhooks/honeybee';
    const captured = signed(honeybee, '?tenant=1{"event_id":"1"}', { url });
    for (const at of [0, 1, 9, 10]) {
      const moved = { ...captured, url: url + captured.body.toString().slice(0, at), body: captured.body.subarray(at) };
      expect(refusal(honeybee, moved)).toBe(at === 0 ? 'accepted' : 'signature_mismatch');
    }
  });

  it('is the one of the options, if they name it', () => {
    const seen = { ...registered, url: 'https://abc.execute-api.example/prod/webhooks/honeybee' };
    expect(refusal(honeybee, seen)).toBe('signature_mismatch');
    expect(refusal(honeybee, seen, { options: { publicUrl } })).toBe('accepted');
    expect(refusal(honeybee, registered, { options: { publicUrl: `${publicUrl}&a=b` } })).toBe('signature_mismatch');
    expect(refusal(honeybee, { ...registered, url: publicUrl })).toBe('signature_mismatch');
  });

  it('comes after the method', () => {
    expect(refusal(honeybee, { ...registered, method: 'PUT' })).toBe('signature_mismatch');
  });
});

describe('cgiEscape', () => {
  it.each([
    ['azAZ09_.-~', 'azAZ09_.-~'],
    [' ', '+'],
    ['+', '%2B'],
    ["!'()*", '%21%27%28%29%2A'],
    ['%&=/?:\n"', '%25%26%3D%2F%3F%3A%0A%22'],
    ['é💊', '%C3%A9%F0%9F%92%8A'],
    ['', ''],
  ])('makes of %j %s', (text, escaped) => {
    expect(cgiEscape(Buffer.from(text)).toString('latin1')).toBe(escaped);
  });
});

/** The Node sample of the document, given an escape. */
function bySample({ url, body, secrets }: typeof document, escape: (text: string) => string): string {
  const key = createHash('sha256').update(secrets.current).digest('hex');
  const mac = createHmac('sha1', key).update(escape(`POST${url}${body.toString()}`));
  return Buffer.from(`${mac.digest('binary')}\n`, 'binary').toString('base64');
}
