import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LEDGER_KEY, parseEventItemKey } from '../../../lambdas/contract.ts';
import {
  decodeKey,
  derivedKey,
  encodeKey,
  eventKeyOf,
  KEY_KINDS,
  keyOfBody,
  keyOfConflict,
} from '../../../lambdas/core/event-key.ts';
import type { EventKey } from '../../../lambdas/core/event-key.ts';
import { sha256 } from '../../../lambdas/core/hash.ts';

/** Texts that look like what the encoding itself makes, too. */
const text = fc.oneof(
  fc.string({ unit: 'binary', minLength: 1 }),
  fc.constantFrom(
    '#',
    '##',
    '#text#a',
    '#number#1',
    '#derived#',
    '#conflict#x\ny',
    'sha256:',
    'exclusion:x',
    '1',
    'a#b',
  ),
);
const key: fc.Arbitrary<EventKey> = fc.oneof(
  text.map((id) => ({ key: id })),
  fc.record({ key: text, keyKind: fc.constantFrom(...KEY_KINDS) }, { noNullPrototype: true }),
);

describe('the encoding of an event key', () => {
  it('has an inverse', () => {
    fc.assert(fc.property(key, (of) => expect(decodeKey(encodeKey(of))).toStrictEqual(of)));
  });

  it('tells two keys apart that differ in anything', () => {
    fc.assert(
      fc.property(key, key, (one, other) => {
        const isSame = one.key === other.key && one.keyKind === other.keyKind;
        expect(encodeKey(one) === encodeKey(other)).toBe(isSame);
      }),
    );
  });

  it("leaves a provider's own id as it is, as every version has, unless the id starts with the mark", () => {
    fc.assert(fc.property(text, (id) => expect(encodeKey({ key: id }) === id).toBe(!id.startsWith('#'))));
  });

  it('takes any other text for an id', () => {
    expect(['#', '#unknown#x', '#number', 'evt_1', '#Text#x'].map(decodeKey)).toStrictEqual(
      ['#', '#unknown#x', '#number', 'evt_1', '#Text#x'].map((id) => ({ key: id })),
    );
  });

  it('is the last part of the partition key, which can be taken apart again', () => {
    fc.assert(
      fc.property(key, fc.stringMatching(/^[a-z][a-z0-9-]{0,30}$/), (of, source) => {
        const encoded = encodeKey(of);
        expect(parseEventItemKey(LEDGER_KEY.event(source, encoded))).toStrictEqual({ source, key: encoded });
        expect(parseEventItemKey(LEDGER_KEY.alias(source, encoded))).toBeUndefined();
        expect(parseEventItemKey(LEDGER_KEY.cursor(source))).toBeUndefined();
      }),
    );
  });
});

describe('the keys of events', () => {
  const hash = sha256('body');
  const gatewayMade = [derivedKey('exclusion', 'x'), keyOfBody(hash), keyOfConflict({ key: 'k' }, hash)];

  it('show a provider its own id unchanged, whatever the id looks like', () => {
    for (const id of [...gatewayMade.map((made) => made.key), '#1', '123', 'evt_1'])
      expect(eventKeyOf(id)).toStrictEqual({ key: id });
    expect(eventKeyOf(123).key).toBe('123');
  });

  it('are never those of another kind', () => {
    const ids = gatewayMade.map((made) => eventKeyOf(made.key));
    const all = [
      ...gatewayMade,
      ...ids,
      eventKeyOf(123),
      eventKeyOf('123'),
      derivedKey('exclusion', 1),
      derivedKey('exclusion', '1'),
    ];
    expect(new Set(all.map(encodeKey)).size).toBe(all.length);
  });

  it('are hashed if they are long, and a hash is no id that reads the same', () => {
    const long = eventKeyOf('k'.repeat(501));
    expect(long).toStrictEqual({ key: `sha256-of-key:${sha256('k'.repeat(501))}`, keyKind: 'key-hash' });
    expect(eventKeyOf('k'.repeat(500))).toStrictEqual({ key: 'k'.repeat(500) });
    expect(encodeKey(eventKeyOf(long.key))).not.toBe(encodeKey(long));
    expect(eventKeyOf(`${'k'.repeat(501)}x`)).not.toStrictEqual(long);
  });

  it('of a conflict differ with the kind of the key that it is about', () => {
    expect(keyOfConflict(eventKeyOf('1'), hash)).not.toStrictEqual(keyOfConflict(eventKeyOf(1), hash));
  });
});
