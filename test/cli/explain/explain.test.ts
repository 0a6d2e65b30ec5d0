import { describe, expect, it } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { explain } from '../../../cli/explain/explain.ts';
import type { Question } from '../../../cli/explain/explain-types.ts';
import { CAUSES } from '../../../cli/explain/causes.ts';
import type { Cause } from '../../../cli/explain/causes.ts';
import { sampleOf, schemeOf } from '../../../lambdas/core/provider.ts';
import { secretFrom } from '../../../lambdas/core/provider-secret.ts';
import type { Delivery } from '../../../lambdas/core/delivery.ts';
import { tagged } from '../../../lambdas/core/schemes/forms.ts';
import { hmac } from '../../../lambdas/core/schemes/hmac.ts';
import { providers } from '../../../lambdas/providers/index.ts';

const NOW = new Date('2026-11-26T12:00:00Z');
const SECRET = 'f9d0c1b2a3e4-signing-secret';
const BASE64_SECRET = Buffer.from('thirty-two bytes of a secret key').toString('base64');
const URL_OF = 'https://hooks.example.com/webhooks/source';
const BODY = Buffer.from(
  '{"id":"evt_1","event_id":"evt_1","type":"a.b","path":"a/b","note":"José <b>&</b> 😀 – naïve","amount":10.50,"n":1e3,"list":[],"nested":{"z":1,"a":null}}',
);

const providerNamed = (name: string) => {
  const provider = providers.get(name);
  if (!provider) throw new Error(`there is no provider ${name}`);
  return provider;
};

interface Given {
  readonly provider?: string;
  readonly stored?: string;
  readonly signing?: string;
  readonly signed?: Buffer;
  readonly sent?: Buffer;
  readonly signedAt?: Date;
  readonly url?: string;
  readonly headers?: (headers: Record<string, string>) => Record<string, string | string[]>;
  readonly secrets?: Question['secrets'];
}

/** A delivery that was signed as its provider does, and damaged. */
function question({ provider: name = 'osigu', stored = SECRET, ...given }: Given): Question {
  const scheme = schemeOf(providerNamed(name), {});
  // A signature in the body goes with a body of its provider's form alone.
  const isInBody = scheme.headers.length === 0;
  const own = isInBody ? sampleOf(providerNamed(name), { id: '1', now: NOW }).body : BODY;
  const body = given.signed ?? own;
  const signed = scheme.sign({
    ...{ url: given.url ?? URL_OF, body, now: given.signedAt ?? NOW, secrets: [given.signing ?? stored] },
  });
  const headers = given.headers?.({ ...signed.headers }) ?? signed.headers;
  const delivery: Delivery = {
    ...{ method: 'POST', url: signed.url ?? URL_OF, body: given.sent ?? signed.body ?? BODY },
    headers: new Map(Object.entries(headers).map(([key, value]) => [key, [value].flat()])),
  };
  const others = [...providers.values()].flatMap((other) =>
    other.name === name ? [] : [{ title: other.title, scheme: schemeOf(other, {}) }],
  );
  const secrets = [{ source: 'own', label: 'current', value: stored, accepted: true }, ...(given.secrets ?? [])];
  return { source: 'own', delivery, scheme, options: {}, now: NOW, secrets, others };
}

const text = (body: Buffer): string => body.toString('utf8');
const bytes = (value: string, encoding: BufferEncoding = 'utf8'): Buffer => Buffer.from(value, encoding);
const parsed = (): unknown => JSON.parse(text(BODY));
const python = text(BODY)
  .replaceAll(/":(?=\S)/g, '": ')
  .replaceAll(/,(?=")/g, ', ')
  .replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const php = JSON.stringify(parsed())
  .replaceAll('/', '\\/')
  .replaceAll(/[\u0080-\uffff]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
const go = text(BODY).replaceAll('<', '\\u003c').replaceAll('>', '\\u003e').replaceAll('&', '\\u0026');
const header =
  (name: string, change: (value: string) => string | string[]): NonNullable<Given['headers']> =>
  (headers) => ({
    ...headers,
    [name]: change(headers[name] ?? ''),
  });
const OSIGU = 'x-osigu-signature';
const NVSEP = 'x-nvsep-hmac-sha256';
const later = (seconds: number): Date => new Date(NOW.getTime() + seconds * 1000);

const CASES: readonly (readonly [what: string, causes: readonly Cause[], given: Given])[] = [
  ['nothing is wrong', ['accepted'], {}],
  [
    'JavaScript wrote it again',
    ['body_reserialised'],
    { provider: 'nabla', signed: bytes('{"amount": 10.50, "a": "José"}'), sent: bytes('{"amount":10.5,"a":"José"}') },
  ],
  [
    'it came indented',
    ['body_reserialised'],
    { sent: bytes(JSON.stringify(parsed(), null, 2)), signed: bytes(JSON.stringify(parsed())) },
  ],
  ['Python wrote what was signed', ['body_reserialised'], { signed: bytes(python) }],
  ['PHP wrote what was signed', ['body_reserialised'], { signed: bytes(php), sent: bytes(JSON.stringify(parsed())) }],
  ['Go wrote what was signed', ['body_reserialised'], { signed: bytes(go) }],
  ['the keys were sorted', ['body_reserialised'], { signed: bytes('{"a":1,"b":2}'), sent: bytes('{"b":2,"a":1}') }],
  ['a line break was added', ['body_newline'], { sent: Buffer.concat([BODY, bytes('\n')]) }],
  ['a line break was removed', ['body_newline'], { signed: Buffer.concat([BODY, bytes('\r\n')]) }],
  ['LF came as CRLF', ['body_line_ends'], { signed: bytes('{\n "a": 1\n}'), sent: bytes('{\r\n "a": 1\r\n}') }],
  ['CRLF came as LF', ['body_line_ends'], { signed: bytes('{\r\n "a": 1\r\n}'), sent: bytes('{\n "a": 1\n}') }],
  ['a byte order mark was added', ['body_bom'], { sent: Buffer.concat([bytes('\ufeff'), BODY]) }],
  ['it came as Latin-1', ['body_charset'], { signed: bytes('{"a":"José"}'), sent: bytes('{"a":"José"}', 'latin1') }],
  ['Latin-1 was signed', ['body_charset'], { signed: bytes('{"a":"José"}', 'latin1'), sent: bytes('{"a":"José"}') }],
  [
    'it came encoded twice',
    ['body_charset'],
    { signed: bytes('{"a":"José"}'), sent: bytes(bytes('{"a":"José"}').toString('latin1')) },
  ],
  ['it came compressed', ['body_compressed'], { sent: gzipSync(BODY) }],
  ['it came as base64', ['body_base64'], { sent: bytes(BODY.toString('base64')) }],
  ['its base64 was signed', ['body_base64'], { signed: bytes(BODY.toString('base64')) }],
  ['it came as a JSON string', ['body_quoted'], { sent: bytes(JSON.stringify(text(BODY))) }],
  ['it came URL-encoded', ['body_url_encoded'], { sent: bytes(encodeURIComponent(text(BODY))) }],
  ['nothing was signed', ['body_empty'], { signed: Buffer.alloc(0) }],
  ['the secret has a line break', ['secret_blank'], { stored: `${SECRET}\n`, signing: SECRET }],
  ['it was signed with a line break', ['secret_blank'], { signing: `${SECRET}\n` }],
  ['the secret is in quotes', ['secret_quoted'], { stored: `"${SECRET}"`, signing: SECRET }],
  ['the secret is in JSON', ['secret_json'], { stored: JSON.stringify({ signingSecret: SECRET }), signing: SECRET }],
  ['the secret lacks its prefix', ['secret_prefix'], { stored: SECRET, signing: `whsec_${SECRET}` }],
  ['the secret has a prefix', ['secret_prefix'], { stored: `whsec_${SECRET}`, signing: SECRET }],
  ['the secret is in another case', ['secret_case'], { stored: SECRET.toUpperCase(), signing: SECRET }],
  [
    'the bytes of a base64 secret were the key',
    ['secret_encoding'],
    {
      provider: 'nvsep',
      stored: BASE64_SECRET,
      headers: header(NVSEP, () => createHmac('sha256', bytes(BASE64_SECRET, 'base64')).update(BODY).digest('base64')),
    },
  ],
  ['the hex of the secret was the key', ['secret_encoding'], { signing: bytes(SECRET).toString('hex') }],
  [
    'an older version signed',
    ['secret_version'],
    {
      signing: 'an-older-secret',
      secrets: [{ source: 'own', label: 'previous', value: 'an-older-secret', accepted: false }],
    },
  ],
  [
    'the secret of another source signed',
    ['secret_of_other_source'],
    {
      signing: 'of-the-sandbox',
      secrets: [{ source: 'sandbox', label: 'current', value: 'of-the-sandbox', accepted: true }],
    },
  ],
  [
    'base64 came for hex',
    ['signature_encoding'],
    { headers: header(OSIGU, (value) => value.replace(/(?<=v1=)\w+/, (mac) => bytes(mac, 'hex').toString('base64'))) },
  ],
  [
    'SHA-1 signed',
    ['signature_digest'],
    { provider: 'nvsep', headers: header(NVSEP, () => createHmac('sha1', SECRET).update(BODY).digest('hex')) },
  ],
  [
    'the header has a prefix',
    ['signature_prefix'],
    { provider: 'nvsep', headers: header(NVSEP, (value) => `sha256=${value}`) },
  ],
  [
    'the header is in quotes',
    ['signature_quoted'],
    { provider: 'nvsep', headers: header(NVSEP, (value) => `"${value}"`) },
  ],
  [
    'the header is cut',
    ['signature_cut'],
    { provider: 'nvsep', headers: header(NVSEP, (value) => value.slice(0, 30)) },
  ],
  [
    'the header came twice',
    ['signature_doubled'],
    { provider: 'nvsep', headers: header(NVSEP, (value) => [value, value]) },
  ],
  [
    'the value is there twice',
    ['signature_doubled'],
    { provider: 'nvsep', headers: header(NVSEP, (value) => value + value) },
  ],
  [
    'signatures were joined',
    ['signature_joined'],
    { provider: 'nvsep', headers: header(NVSEP, (value) => `abc, ${value}`) },
  ],
  [
    'the header has another name',
    ['header_renamed'],
    { headers: ({ [OSIGU]: value = '' }) => ({ 'x-osigu-sig': value }) },
  ],
  ['the header did not come', ['header_missing'], { headers: () => ({}) }],
  ['http was signed', ['url_changed'], { provider: 'honeybee', url: URL_OF.replace('https', 'http') }],
  [
    'another host was signed',
    ['url_changed'],
    {
      provider: 'honeybee',
      url: URL_OF.replace('hooks', 'other'),
      headers: (headers) => ({ ...headers, 'x-forwarded-host': 'other.example.com' }),
    },
  ],
  ['a port was signed', ['url_changed'], { provider: 'honeybee', url: URL_OF.replace('.com', '.com:443') }],
  ['a slash was signed', ['url_changed'], { provider: 'honeybee', url: `${URL_OF}/` }],
  ['the clock is behind', ['timestamp_outside_window'], { signedAt: later(-400) }],
  ['the clock is ahead', ['timestamp_outside_window'], { provider: 'nabla', signedAt: later(90) }],
  [
    'the time is in milliseconds',
    ['timestamp_unit'],
    {
      headers: () => {
        const t = String(NOW.getTime());
        return { [OSIGU]: `t=${t},v1=${createHmac('sha256', SECRET).update(`${t}.`).update(BODY).digest('hex')}` };
      },
    },
  ],
  [
    'another provider signed',
    ['other_provider'],
    {
      provider: 'osigu',
      headers: () =>
        schemeOf(providerNamed('nvsep'), {}).sign({ url: URL_OF, body: BODY, secrets: [SECRET], now: NOW }).headers,
    },
  ],
  [
    'a line break, and an old time',
    ['body_newline', 'timestamp_outside_window'],
    { sent: Buffer.concat([BODY, bytes('\n')]), signedAt: later(-4000) },
  ],
  [
    'a line break, and a secret in quotes',
    ['secret_quoted', 'body_newline'],
    { sent: Buffer.concat([BODY, bytes('\n')]), stored: `'${SECRET}'`, signing: SECRET },
  ],
];

describe('explain', () => {
  it('names a cause from a list that docs/explain.md documents, and each of them is tested or told by form', () => {
    const page = readFileSync('docs/explain.md', 'utf8');
    const documented = [...page.matchAll(/^\| `([a-z_0-9]+)`/gm)].map(([, cause]) => cause);
    expect(documented).toEqual(Object.keys(CAUSES));
  });

  it.each(CASES)('names the cause if %s', (_what, causes, given) => {
    const { findings } = explain(question(given), () => 0);
    expect(findings.map(({ cause }) => cause)).toEqual(causes);
    const shown = JSON.stringify(findings);
    expect(shown).not.toContain(SECRET);
    expect(shown).not.toMatch(/[\da-f]{32}/i);
  });

  /** One provider of each kind of signature: what is tried depends on that. */
  const kinds = Map.groupBy(providers.values(), (provider) => {
    const { title, coverage, signsUrl, replayWindowSeconds } = schemeOf(provider, {});
    return JSON.stringify([title, coverage, signsUrl, replayWindowSeconds !== undefined]);
  });

  it.each([...kinds.values()].flatMap(([first]) => first?.name ?? []))(
    'says of a forgery to %s that it is one, and no more',
    (provider) => {
      // Each written as the provider writes a secret.
      const { stored } = secretFrom(providerNamed(provider), {}, SECRET);
      const { signing } = secretFrom(providerNamed(provider), {}, 'nobody-has-this-secret');
      const { findings, tried, complete } = explain(question({ provider, stored, signing }), () => 0);
      const { fetchesKeys } = schemeOf(providerNamed(provider), {});
      const cause = fetchesKeys ? 'key_not_at_hand' : 'forged_or_unknown_secret';
      expect(findings).toMatchObject([{ cause, confidence: 'likely' }]);
      expect(complete).toBe(true);
      expect(tried).toBeLessThan(20_000);
    },
  );

  it('stops at its bounds, and says so', () => {
    let now = 0;
    const { complete, tried } = explain(question({ signing: 'nobody-has-this-secret' }), () => (now += 100));
    expect(complete).toBe(false);
    expect(tried).toBeLessThan(200);
  });

  it('makes nothing of a deeply nested or huge body', () => {
    for (const sent of [bytes('['.repeat(100_000)), bytes(`"${'x'.repeat(4_000_000)}"`)]) {
      const { findings } = explain(question({ sent }), () => performance.now());
      expect(findings[0].cause).toBe('forged_or_unknown_secret');
    }
  }, 120_000);

  it('finds the damage in a scheme with an id, a prefix and several signatures', () => {
    const scheme = hmac({
      hash: 'sha256',
      key: { encoding: 'base64', prefix: 'whsec_' },
      signature: { header: 'webhook-signature', encoding: 'base64', form: tagged('v1') },
      timestamp: { header: 'webhook-timestamp', unit: 's', toleranceSeconds: 300 },
      id: { header: 'webhook-id' },
      signed: ['id', { text: '.' }, 'timestamp', { text: '.' }, 'body'],
    });
    const stored = `whsec_${BASE64_SECRET}`;
    const { headers } = scheme.sign({ url: URL_OF, body: BODY, secrets: [stored], now: NOW });
    const delivery = {
      method: 'POST',
      url: URL_OF,
      body: bytes(JSON.stringify(parsed(), null, 4)),
      headers: new Map(Object.entries(headers).map(([key, value]) => [key, [value]])),
    };
    const secrets = [{ source: 'own', label: 'current', value: stored, accepted: true }];
    const { findings } = explain(
      { source: 'own', delivery, scheme, options: {}, now: NOW, secrets, others: [] },
      () => 0,
    );
    // 1e3 comes as 1000, which cannot be undone: nothing is claimed.
    expect(findings).toMatchObject([{ cause: 'forged_or_unknown_secret', confidence: 'likely' }]);
    const whole = { ...delivery, body: Buffer.concat([BODY, bytes('\n')]) };
    const found = explain(
      { source: 'own', delivery: whole, scheme, options: {}, now: NOW, secrets, others: [] },
      () => 0,
    );
    expect(found.findings).toMatchObject([{ cause: 'body_newline', confidence: 'proved' }]);
  });
});
