import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import type { Delivery } from '../../../lambdas/core/delivery.ts';
import type { Options } from '../../../lambdas/core/envelope.ts';
import type { Provider } from '../../../lambdas/core/provider.ts';
import { identifyAll } from '../../../lambdas/core/receive/identify.ts';
import { schemeOf } from '../../../lambdas/core/provider.ts';
import { providerNamed } from '../../../lambdas/providers/index.ts';
import { answerTo } from './answer.ts';
import {
  defaultOptions,
  delivery,
  headerOf,
  NOW,
  refusal,
  sampled,
  secret,
  SECRET,
  secretsOf,
  signed,
  sourceOf,
  URL_OF_SOURCE,
  verified,
  withHeader,
} from './deliveries.ts';

/** The peculiarities of providers that are easily lost when a file is changed. */

const get = (query: string, method = 'GET'): Delivery => delivery({}, '', { method, url: `${URL_OF_SOURCE}?${query}` });
const eventsOf = (provider: Provider, of: Delivery) => identifyAll(verified(of), sourceOf(provider));

/** Signs as a source with these options is signed to. */
function signedWith(provider: Provider, options: Options, body: string): Delivery {
  const all = { ...defaultOptions(provider), ...options };
  const scheme = schemeOf(provider, all);
  const { signing } = scheme.secretFrom(SECRET);
  const { headers } = sampled(provider);
  const made = scheme.sign({ url: URL_OF_SOURCE, body: Buffer.from(body), secrets: [signing], now: NOW, headers });
  return delivery({ ...headers, ...made.headers }, body);
}
const storedFor = (provider: Provider, options: Options) =>
  secret(schemeOf(provider, { ...defaultOptions(provider), ...options }).secretFrom(SECRET).stored);

describe('Twitch', () => {
  const twitch = providerNamed('twitch');
  const challenge = (text: unknown) =>
    signed(
      twitch,
      JSON.stringify({
        challenge: text,
        subscription: { id: 's', type: 'channel.follow', status: 'webhook_callback_verification_pending' },
      }),
    );

  it('has its challenge answered as text, if it is signed', async () => {
    const asked = challenge('pogchamp-kappa-360noscope-vohiyo');
    const { answer, events } = await answerTo(twitch, asked);
    expect(answer).toEqual({ status: 200, body: 'pogchamp-kappa-360noscope-vohiyo' });
    expect(events).toEqual([]);
    const name = 'twitch-eventsub-message-signature';
    const forged = withHeader(asked, name, [`sha256=${'0'.repeat(64)}`]);
    expect((await answerTo(twitch, forged)).answer.status).toBe(401);
  });

  it.each([['<b>'], ['x'.repeat(201)], [7]])('does not send back %j', async (text) => {
    expect((await answerTo(twitch, challenge(text))).answer.status).toBe(400);
  });

  it('says that a subscription has ended, by the type of the event', () => {
    const body = JSON.stringify({ subscription: { id: 's', type: 'channel.follow', status: 'authorization_revoked' } });
    expect(eventsOf(twitch, signed(twitch, body))).toMatchObject([{ type: 'revocation' }]);
  });
});

describe('Redox', () => {
  const redox = providerNamed('redox');
  const token = encodeURIComponent(SECRET);

  it('has its challenge answered by GET, to who knows the token', async () => {
    const { answer } = await answerTo(redox, get(`verification-token=${token}&challenge=0b5fbf2f-6e1e-4cf1`));
    expect(answer).toEqual({ status: 200, body: '0b5fbf2f-6e1e-4cf1' });
    for (const query of [
      'verification-token=x&challenge=a',
      `challenge=a`,
      `verification-token=${token}&challenge=<a>`,
    ])
      expect((await answerTo(redox, get(query))).answer.status).toBe(401);
  });
});

describe('Oura', () => {
  const oura = providerNamed('oura');
  const { verificationToken = '' } = JSON.parse(secretsOf(oura).stored) as { verificationToken?: string };

  it('has its challenge answered by GET, to who knows the token', async () => {
    const ours = `verification_token=${encodeURIComponent(verificationToken)}`;
    expect((await answerTo(oura, get(`${ours}&challenge=abc`))).answer).toEqual({
      status: 200,
      body: { challenge: 'abc' },
    });
    expect((await answerTo(oura, get('verification_token=x&challenge=abc'))).answer.status).toBe(401);
    expect((await answerTo(oura, get(`${ours}&challenge=%22`))).answer.status).toBe(401);
  });

  it('takes upper and lower case', () => {
    const valid = signed(oura, sampled(oura).body);
    const upper = headerOf(valid, 'x-oura-signature').toUpperCase();
    expect(refusal(oura, withHeader(valid, 'x-oura-signature', [upper]))).toBe('accepted');
  });
});

describe('DrChrono', () => {
  const drchrono = providerNamed('drchrono');

  it('has its text answered with the HMAC by the token, and signs nothing else', async () => {
    const { answer } = await answerTo(drchrono, get('msg=abc-1'));
    const expected = createHmac('sha256', SECRET).update('abc-1').digest('hex');
    expect(answer).toEqual({ status: 200, body: { secret_token: expected } });
    for (const query of ['msg=%7B%7D', `msg=${'a'.repeat(257)}`, '', 'msg='])
      expect((await answerTo(drchrono, get(query))).answer.status).toBe(401);
  });
});

describe('Trello', () => {
  const trello = providerNamed('trello');

  it('finds the URL there by HEAD', async () => {
    expect((await answerTo(trello, delivery({}, '', { method: 'HEAD' }))).answer).toEqual({ status: 200 });
  });

  it('signs the URL behind the body', () => {
    const valid = signed(trello, sampled(trello).body);
    expect(refusal(trello, { ...valid, url: `${URL_OF_SOURCE}-2` })).toBe('signature_mismatch');
  });
});

describe('Xero', () => {
  const xero = providerNamed('xero');
  const intent = signed(xero, '{"events":[],"firstEventSequence":0,"lastEventSequence":0,"entropy":"S0m3r4Nd0mt3xt"}');

  it('asks with an empty list whether signatures are checked, and that is no event', async () => {
    expect(await answerTo(xero, intent)).toMatchObject({ answer: { status: 200 }, events: [] });
    const wrong = withHeader(intent, 'x-xero-signature', [Buffer.alloc(32).toString('base64')]);
    expect((await answerTo(xero, wrong)).answer.status).toBe(401);
  });
});

describe('Pusher Channels', () => {
  const pusher = providerNamed('pusher');
  const at = (time: number, events = 1) =>
    eventsOf(
      pusher,
      signed(
        pusher,
        JSON.stringify({
          time_ms: time,
          events: Array.from({ length: events }, () => ({ channel: 'a', name: 'channel_vacated' })),
        }),
      ),
    ).map(({ key }) => key);

  it('tells two events with the same text apart, and not two deliveries of one', () => {
    expect(new Set([...at(1_772_357_402_000, 2), ...at(1_772_357_402_001)]).size).toBe(3);
    expect(at(1_772_357_402_000)).toEqual(at(1_772_357_402_000));
  });
});

describe('GitLab', () => {
  const gitlab = providerNamed('gitlab');

  it('is signed as Standard Webhooks if the source says so, and then takes no token', () => {
    const options = { signing: 'signature' };
    const secrets = [storedFor(gitlab, options)];
    expect(refusal(gitlab, signedWith(gitlab, options, '{}'), { options, secrets })).toBe('accepted');
    const byToken = delivery({ 'x-gitlab-token': secrets[0]?.value ?? '' }, '{}');
    expect(refusal(gitlab, byToken, { options, secrets })).toBe('missing_signature');
  });
});

describe('Paysafe', () => {
  const paysafe = providerNamed('paysafe');

  it('has two forms of the key, and each is the wrong one for the other', () => {
    const text = Buffer.alloc(32, 'k').toString('base64');
    const sign = (key: Buffer | string) => createHmac('sha256', key).update('{}').digest('base64');
    const of = (key: Buffer | string) => delivery({ signature: sign(key) }, '{}');
    const says = (from: Delivery, key: string) => refusal(paysafe, from, { options: { key }, secrets: [secret(text)] });
    expect([says(of(text), 'text'), says(of(text), 'base64')]).toEqual(['accepted', 'signature_mismatch']);
    const decoded = of(Buffer.from(text, 'base64'));
    expect([says(decoded, 'text'), says(decoded, 'base64')]).toEqual(['signature_mismatch', 'accepted']);
  });
});

describe('Stedi', () => {
  const stedi = providerNamed('stedi');

  it('sends a user and a password if the source says so', () => {
    const options = { credential: 'basic' };
    const of = signedWith(stedi, options, '{}');
    expect(headerOf(of, 'authorization')).toMatch(/^Basic /);
    expect(refusal(stedi, of, { options, secrets: [storedFor(stedi, options)] })).toBe('accepted');
    expect(refusal(stedi, of)).not.toBe('accepted');
  });
});

describe('names of headers', () => {
  it('Bitbucket Data Center names an event in another header than Cloud', () => {
    const bitbucket = providerNamed('bitbucket');
    const headers = { 'x-request-id': 'data-center-1', 'x-event-key': 'pr:opened' };
    const of = signed(bitbucket, '{"a":1}', { headers });
    expect(eventsOf(bitbucket, of)).toMatchObject([{ key: 'data-center-1', type: 'pr:opened' }]);
  });

  it("Terra's older name is taken too", () => {
    const terra = providerNamed('terra');
    const valid = signed(terra, sampled(terra).body);
    const older = withHeader(valid, 'terra-signature', [headerOf(valid, 'x-terra-signature')]);
    expect(refusal(terra, withHeader(older, 'x-terra-signature', undefined))).toBe('accepted');
  });
});

describe('an empty key', () => {
  it.each(['photon', 'lemon-squeezy', 'cal-com', 'segment'])('%s: signs for nobody', (name) => {
    const provider = providerNamed(name);
    const scheme = schemeOf(provider, defaultOptions(provider));
    const [header] = scheme.headers;
    const hash = name === 'segment' ? 'sha1' : 'sha256';
    const mac = createHmac(hash, '').update('{}').digest('hex');
    expect(refusal(provider, delivery({ [header?.name ?? '']: mac }, '{}'), { secrets: [secret('')] })).toBe(
      'signature_mismatch',
    );
  });
});

describe('Airtable', () => {
  it('gets an empty answer', async () => {
    const airtable = providerNamed('airtable');
    expect((await answerTo(airtable, signed(airtable, sampled(airtable).body))).answer).toEqual({ status: 204 });
  });
});
