import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { Event } from '../../../lambdas/core/event.ts';
import { decodeMessage, encodeMessage, encodeReferring, encodeWithin, hasBody } from '../../../lambdas/core/message.ts';
import { QUARANTINE_REASONS } from '../../../lambdas/core/envelope.ts';

const event = (changes: Partial<Event> = {}): Event => ({
  source: 'osigu',
  provider: 'osigu',
  key: 'evt_1',
  type: 'authorization.created',
  receivedAt: '2026-03-01T09:30:00.000Z',
  via: 'webhook',
  contentType: 'application/json',
  body: Buffer.from('{"a":"é"}'),
  bodyHash: 'hash',
  evidence: { headers: { 'x-osigu-signature': 't=1,v1=ab' }, secretLabel: 'current', secretVersionId: 'v' },
  ...changes,
});

const bodyOf = (message: string) => (JSON.parse(message) as { body: { encoding: string; data: string } }).body;
const text = fc.string({ unit: 'grapheme' });

describe('a queue message', () => {
  it('has a version, and a JSON body that a person can read', () => {
    expect(JSON.parse(encodeMessage(event()))).toMatchObject({
      version: 1,
      body: { encoding: 'utf8', data: '{"a":"é"}' },
    });
  });

  it('carries a body that is no UTF-8 in base64', () => {
    const body = Buffer.from([0x7b, 0xff]);
    expect(bodyOf(encodeMessage(event({ body })))).toEqual({ encoding: 'base64', data: 'e/8=' });
  });

  it('carries in base64 what JSON would make longer than that', () => {
    expect(bodyOf(encodeMessage(event({ body: Buffer.alloc(1000) }))).encoding).toBe('base64');
    expect(bodyOf(encodeMessage(event({ body: Buffer.alloc(1000, 'a') }))).encoding).toBe('utf8');
  });

  it('brings back every byte, and everything else', () => {
    const bodies = fc.oneof(
      fc.uint8Array({ maxLength: 500 }).map((array) => Buffer.from(array)),
      fc.string({ unit: 'binary' }).map((each) => Buffer.from(each)),
    );
    const changes = fc.record(
      {
        body: bodies,
        key: text,
        type: text,
        contentType: text,
        time: fc.constant('2026-03-01T09:29:00.000Z'),
        via: fc.constantFrom('webhook' as const, 'poll' as const),
        quarantine: fc.constantFrom(...QUARANTINE_REASONS),
        evidence: fc.record({ headers: fc.dictionary(text, text, { noNullPrototype: true }) }),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(changes, (of) => {
        const sent = event(of);
        expect(decodeMessage(encodeMessage(sent))).toEqual({ ok: true, value: sent });
      }),
    );
  });

  it('is never longer than its base64 would be, but for the envelope', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 3000 }), (array) => {
        const body = Buffer.from(array);
        const envelope = encodeMessage(event({ body: Buffer.alloc(0) })).length;
        const length = Buffer.byteLength(encodeMessage(event({ body })));
        expect(length).toBeLessThanOrEqual(envelope + Math.ceil(body.length / 3) * 4 + 'base64'.length);
        expect(bodyOf(encodeMessage(event({ body }))).encoding === 'base64' || isUtf8(body)).toBe(true);
      }),
    );
  });

  it('holds no character that SQS would replace', () => {
    const strange = event({ key: '\uFFFE', body: Buffer.from('{"a":"\uFFFF\u0000\uFFFE"}') });
    expect(encodeMessage(strange)).not.toMatch(/[\uFFFE\uFFFF]/);
    expect(decodeMessage(encodeMessage(strange))).toEqual({ ok: true, value: strange });
  });

  it('refers to a body that lies elsewhere, and says so', () => {
    const { body, ...head } = event();
    const message = decodeMessage(encodeReferring(head, 'bodies/osigu/a/b'));
    expect(message).toEqual({ ok: true, value: { ...head, body: { encoding: 's3', key: 'bodies/osigu/a/b' } } });
    expect(message.ok && hasBody(message.value)).toBe(false);
  });

  it('is made up to a limit in bytes, not in characters', () => {
    const body = Buffer.from('é'.repeat(1000));
    const length = Buffer.byteLength(encodeMessage(event({ body })));
    expect(length).toBeGreaterThan(encodeMessage(event({ body })).length);
    expect(encodeWithin(event({ body }), length)).toBe(encodeMessage(event({ body })));
    expect(encodeWithin(event({ body }), length - 1)).toBeUndefined();
    expect(encodeWithin(event({ body }), body.length - 1)).toBeUndefined();
  });

  it.each([
    ['not_json', ''],
    ['not_json', '{'],
    ['malformed', 'null'],
    ['malformed', '17'],
    ['unknown_version', '[]'],
    ['unknown_version', '{}'],
    ['unknown_version', JSON.stringify({ version: 2 })],
    ['unknown_version', JSON.stringify({ version: '1' })],
    ['malformed', JSON.stringify({ version: 1 })],
  ])('is refused as %s: %s', (reason, message) => {
    expect(decodeMessage(message)).toEqual({ ok: false, reason });
  });

  const whole = JSON.parse(encodeMessage(event())) as Record<string, unknown>;

  it.each(Object.keys(whole).filter((field) => field !== 'version'))('is malformed without %s', (field) => {
    for (const value of [undefined, 7]) {
      const message = JSON.stringify({ ...whole, [field]: value });
      expect(decodeMessage(message)).toEqual({ ok: false, reason: 'malformed' });
    }
  });

  it.each([
    ['a reference without a key', { body: { encoding: 's3', data: '' } }],
    ['another encoding', { body: { encoding: 'latin1', data: '' } }],
    ['a body without data', { body: { encoding: 'utf8' } }],
    ['no body', { body: null }],
    ['a reason for quarantine that is none', { quarantine: 'because' }],
    ['null for evidence', { evidence: null }],
  ])('is malformed with %s', (_what, changes) => {
    expect(decodeMessage(JSON.stringify({ ...whole, ...changes }))).toEqual({ ok: false, reason: 'malformed' });
  });

  it('makes no text throw', () => {
    fc.assert(
      fc.property(fc.oneof(text, fc.json()), (message) => {
        expect(decodeMessage(message).ok).toBe(false);
      }),
    );
  });
});
