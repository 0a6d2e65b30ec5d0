import { describe, expect, it } from '@jest/globals';
import type { Delivery } from '../../../../lambdas/core/delivery.ts';
import { identifyAll } from '../../../../lambdas/core/receive/identify.ts';
import { plain } from '../../../../lambdas/core/schemes/forms.ts';
import { hmacScheme, hmacSpecOf } from '../../../../lambdas/core/schemes/hmac.ts';
import type { LayoutSpec } from '../../../../lambdas/core/schemes/layout.ts';
import type { Part } from '../../../../lambdas/core/schemes/parts.ts';
import { publicKeySpecOf } from '../../../../lambdas/core/schemes/public-key.ts';
import { encodeKey } from '../../../../lambdas/core/event-key.ts';
import { providerNamed, providers } from '../../../../lambdas/providers/index.ts';
import {
  delivery,
  headerOf,
  later,
  NOW,
  ownScheme,
  refusal,
  sampled,
  signed,
  sourceOf,
  verified,
} from '../../providers/deliveries.ts';
import type { Provider } from '../../../../lambdas/core/provider.ts';

/*
 * A signature is over the parts of a delivery one after the other. If the same bytes could be cut into other parts, whoever captured
 * a delivery could make another authentic event of it.
 */

const SECONDS = String(NOW.getTime() / 1000);
/** A text that somebody wrote, and that a body holds: it reads like the end of an id, a time, and another body. */
const HOSTILE = JSON.stringify({
  id: 'a',
  event_type: 't',
  comment: `x.${SECONDS}.{} ${SECONDS}{} ${NOW.getTime()}{} ${NOW.toISOString()}{} :${SECONDS}:{} |`,
});

const layoutOf = (provider: Provider): LayoutSpec | undefined =>
  hmacSpecOf(ownScheme(provider)) ?? publicKeySpecOf(ownScheme(provider));

const isText = (part: Part): part is { readonly text: string } => typeof part === 'object' && 'text' in part;
const isVariable = (part: Part): boolean => !isText(part) && part !== 'url' && part !== 'method';

/** A delivery's value of a part, and the delivery with another value; undefined if the part is not in it. */
function placeOf(part: Part, { timestamp, id, signature }: LayoutSpec) {
  if (part === 'body')
    return {
      read: ({ body }: Delivery) => body.toString('latin1'),
      write: (of: Delivery, value: string) => ({ ...of, body: Buffer.from(value, 'latin1') }),
    };
  const header = typeof part === 'object' && 'header' in part ? part.header : part === 'id' ? id?.header : undefined;
  const own = header ?? (part === 'timestamp' ? timestamp?.header : undefined);
  const named = signature.form?.timestamp;
  return {
    read: (of: Delivery) =>
      own === undefined
        ? (new RegExp(`${named}=(\\d+)`).exec(headerOf(of, signature.header))?.[1] ?? '')
        : headerOf(of, own),
    write(of: Delivery, value: string): Delivery {
      const text = own === undefined ? headerOf(of, signature.header).replace(/=\d+/, () => `=${value}`) : value;
      return { ...of, headers: new Map(of.headers).set(own ?? signature.header, [text]) };
    },
  };
}

/** All other ways to cut the bytes of two parts that are beside each other, or have a text between them. */
function* recuts(of: Delivery, layout: LayoutSpec): Generator<Delivery> {
  const { signed: parts } = layout;
  for (const [index, part] of parts.entries()) {
    const between = parts[index + 1];
    const text = between && isText(between) ? between.text : '';
    const next = parts[text === '' ? index + 1 : index + 2];
    if (next === undefined || !isVariable(part) || !isVariable(next)) continue;
    const [one, other] = [placeOf(part, layout), placeOf(next, layout)];
    const whole = one.read(of) + text + other.read(of);
    for (let cut = 0; cut <= whole.length - text.length; cut++) {
      if (cut === one.read(of).length || !whole.startsWith(text, cut)) continue;
      yield other.write(one.write(of, whole.slice(0, cut)), whole.slice(cut + text.length));
    }
  }
}

/** As {@link recuts}, of the two parts around a third: an id takes the time, and the time is found in the body. */
function* recutsOfThree(of: Delivery, layout: LayoutSpec): Generator<Delivery> {
  for (const first of recuts(of, layout)) {
    yield first;
    if (layout.signed.filter(isVariable).length > 2 && first.body.equals(of.body)) yield* recuts(first, layout);
  }
}

const textOf = ({ headers, body }: Delivery): string => JSON.stringify([[...headers].sort(), body.toString()]);

const layouts = [...providers].flatMap(([name, provider]) => {
  const layout = layoutOf(provider);
  return layout && layout.signed.length > 1 ? [[name, provider, layout] as const] : [];
});

describe('the signed bytes of a delivery', () => {
  it('are of several parts at some providers', () => expect(layouts.length).toBeGreaterThan(20));

  it.each(layouts)('of %s are not cut otherwise', (_name, provider, layout) => {
    const of = signed(provider, HOSTILE, { headers: { ...sampled(provider).headers } });
    expect(refusal(provider, of)).toBe('accepted');
    const others = [...recutsOfThree(of, layout)].filter((other) => textOf(other) !== textOf(of));
    const accepted = others.filter((other) => refusal(provider, other) === 'accepted');
    expect(accepted.map(textOf)).toEqual([]);
  });

  it.each(['standard-webhooks', 'twitch'])(
    'of %s are not cut otherwise by whoever writes a part of the body',
    (name) => {
      const provider = providerNamed(name);
      const [separator, time] = name === 'twitch' ? ['', NOW.toISOString()] : ['.', SECONDS];
      const inner = `${separator}${time}${separator}{"forged":true}`;
      const of = signed(provider, `{"comment":"${inner}"}`, { headers: sampled(provider).headers });
      const layout = layoutOf(provider);
      const [id, stamp] = [layout?.id?.header ?? '', layout?.timestamp?.header ?? ''];
      const [before, after] = of.body.toString().split(inner);
      const forged = {
        ...of,
        headers: new Map(of.headers).set(id, [
          `${headerOf(of, id)}${separator}${headerOf(of, stamp)}${separator}${before}`,
        ]),
        body: Buffer.from(`{"forged":true}${after}`),
      };
      expect(refusal(provider, of)).toBe('accepted');
      expect(refusal(provider, { ...forged, headers: new Map(forged.headers).set(stamp, [time]) })).toBe(
        'signature_mismatch',
      );
    },
  );

  it('have a text between two parts that nothing else tells apart', () => {
    const spec = { hash: 'sha256', key: 'utf8', signature: { header: 'x-s', encoding: 'hex' } } as const;
    const scheme = (signedParts: readonly Part[]) => () =>
      hmacScheme({ ...spec, signature: { ...spec.signature, form: plain() }, signed: signedParts });
    expect(scheme([{ header: 'a' }, { header: 'b' }, 'body'])).toThrow('need a text between them');
    expect(scheme([{ header: 'a' }, { text: ',' }, { header: 'b' }, { text: '\n' }, 'body'])).not.toThrow();
  });

  it('have a header that touches the body, and comes always', () => {
    const oura = providerNamed('oura');
    const of = signed(oura, '{"data_type":"sleep"}', { headers: { 'x-oura-timestamp': SECONDS } });
    const without = { ...of, headers: new Map([...of.headers].filter(([name]) => name !== 'x-oura-timestamp')) };
    expect(refusal(oura, of)).toBe('accepted');
    expect(refusal(oura, without)).toBe('missing_signature');
    expect(refusal(oura, { ...without, body: Buffer.from(`${SECONDS}{"data_type":"sleep"}`) })).toBe(
      'missing_signature',
    );
  });

  it.each([
    ['whoop', 'x-whoop-signature-timestamp'],
    ['discord', 'x-signature-timestamp'],
  ])('of %s have a time of as many digits as it has always', (name, header) => {
    const provider = providerNamed(name);
    const of = signed(provider, '{}');
    for (const time of [headerOf(of, header).slice(0, -1), `0${headerOf(of, header)}`])
      expect(refusal(provider, { ...of, headers: new Map(of.headers).set(header, [time]) })).toBe(
        'malformed_timestamp',
      );
    expect(refusal(provider, of, { now: later(86_400) })).toBe('accepted');
  });
});

describe('the signed fields of a body', () => {
  const fields = (of: Delivery) => JSON.parse(of.body.toString()) as Record<string, unknown>;
  const keysOf = (provider: Provider, of: Delivery) => identifyAll(verified(of), sourceOf(provider)).map(encodeKey);

  it('of SNS are not cut otherwise', () => {
    const sns = providerNamed('sns');
    const Message = 'first line\nMessageId\nfresh-id\nSubject\nrest of the text';
    const { Subject, ...rest } = JSON.parse(sampled(sns).body.toString()) as Record<string, unknown>;
    const of = signed(sns, JSON.stringify({ ...rest, Message }));
    const again = (changes: Record<string, unknown>) =>
      refusal(sns, delivery({}, JSON.stringify({ ...fields(of), ...changes })));
    expect(refusal(sns, of)).toBe('accepted');
    expect(keysOf(sns, of)).toEqual(['contract-1']);
    const taken = `rest of the text\nMessageId\n${String(rest.MessageId)}`;
    expect(again({ Message: 'first line', MessageId: 'fresh-id', Subject: taken })).toBe('malformed_signature');
    // A field that is left out is in the message before it.
    const whole = `${Message}\nMessageId\n${String(rest.MessageId)}`;
    expect(again({ Message: whole, MessageId: undefined })).toBe('malformed_signature');
    for (const name of ['MessageId', 'Timestamp', 'TopicArn', 'Type'])
      expect(again({ [name]: undefined })).not.toBe('accepted');
  });

  it('of Adyen are not cut otherwise: the reference of the merchant alone has colons', () => {
    const adyen = providerNamed('adyen');
    const item = { pspReference: '8835', merchantAccountCode: 'M', merchantReference: 'order:1', eventCode: 'CAPTURE' };
    const amount = { value: 1000, currency: 'EUR' };
    const of = signed(
      adyen,
      JSON.stringify({ notificationItems: [{ NotificationRequestItem: { ...item, amount, success: 'true' } }] }),
    );
    expect(refusal(adyen, of)).toBe('accepted');
    const { notificationItems } = fields(of) as { notificationItems: { NotificationRequestItem: object }[] };
    const own = notificationItems[0]?.NotificationRequestItem;
    const cut = { pspReference: '8835:', originalReference: 'M', merchantAccountCode: 'order', merchantReference: '1' };
    const forged = { notificationItems: [{ NotificationRequestItem: { ...own, ...cut } }] };
    expect(refusal(adyen, delivery({}, JSON.stringify(forged)))).toBe('malformed_signature');
  });

  it('of Contentful: a header is not cut into two', () => {
    const contentful = providerNamed('contentful');
    const headers = { 'x-a': '1;x-contentful-topic:forged' };
    expect(refusal(contentful, signed(contentful, '{}', { headers }))).toBe('accepted');
    const both = { ...headers, 'x-contentful-topic': 'own' };
    expect(refusal(contentful, signed(contentful, '{}', { headers: both }))).toBe('malformed_signature');
  });
});
