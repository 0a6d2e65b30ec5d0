import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import {
  areWithin,
  parseIsoTime,
  parseUnixTime,
  readIsoTime,
  readUtcTime,
} from '../../../../lambdas/core/schemes/time.ts';

describe('parseIsoTime', () => {
  it.each([
    ['2026-03-01T09:30:00Z', '2026-03-01T09:30:00.000Z'],
    ['2026-03-01T09:30:00.5Z', '2026-03-01T09:30:00.500Z'],
    ['2026-03-01T09:30:00.123999999Z', '2026-03-01T09:30:00.123Z'],
    ['2026-03-01T09:30:00+05:30', '2026-03-01T04:00:00.000Z'],
    ['2026-02-28T23:59:59.999-00:01', '2026-03-01T00:00:59.999Z'],
    ['2024-02-29T00:00:00Z', '2024-02-29T00:00:00.000Z'],
    ['2000-02-29T00:00:00Z', '2000-02-29T00:00:00.000Z'],
    ['2026-12-31T23:59:59Z', '2026-12-31T23:59:59.000Z'],
  ])('reads %s', (text, expected) => {
    expect(parseIsoTime(text)?.toISOString()).toBe(expected);
  });

  it.each([
    '',
    '2026',
    '2026-03-01',
    '2026-03-01T09:30:00',
    '2026-03-01T09:30Z',
    '2026-03-01 09:30:00Z',
    '2026-03-01t09:30:00z',
    '2026-3-1T09:30:00Z',
    '20260301T093000Z',
    '+002026-03-01T09:30:00Z',
    '2026-00-01T09:30:00Z',
    '2026-13-01T09:30:00Z',
    '2026-03-00T09:30:00Z',
    '2026-03-32T09:30:00Z',
    '2026-02-29T09:30:00Z',
    '1900-02-29T09:30:00Z',
    '2026-04-31T09:30:00Z',
    '2026-03-01T24:00:00Z',
    '2026-03-01T09:60:00Z',
    '2026-03-01T09:30:60Z',
    '2026-03-01T09:30:00.Z',
    '2026-03-01T09:30:00,5Z',
    '2026-03-01T09:30:00.1234567890Z',
    '2026-03-01T09:30:00+0530',
    '2026-03-01T09:30:00+24:00',
    '2026-03-01T09:30:00Z ',
    ' 2026-03-01T09:30:00Z',
    '2026-03-01T09:30:00Z\n',
    '２０２６-03-01T09:30:00Z',
    1772357400,
    null,
    undefined,
    ['2026-03-01T09:30:00Z'],
  ])('does not read %j', (value) => {
    expect(parseIsoTime(value)).toBeUndefined();
  });

  it('gives back every time that ISO 8601 can say, and a valid one or none for any text', () => {
    const dates = fc.date({ min: new Date('0100-01-01'), max: new Date('9999-12-31'), noInvalidDate: true });
    fc.assert(
      fc.property(dates, (date) => {
        expect(parseIsoTime(date.toISOString())).toEqual(date);
      }),
    );
    const alike = fc.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,10})?(Z|[+-]\d\d:\d\d)$/);
    fc.assert(
      fc.property(alike, (text) => {
        expect(parseIsoTime(text)?.getTime()).not.toBeNaN();
      }),
    );
  });
});

describe('parseUnixTime', () => {
  it.each([
    ['0', 0],
    ['1772357400', 1772357400],
    ['0001772357', 1772357],
    ['999999999999', 999999999999],
  ])('reads %s', (text, seconds) => {
    expect(parseUnixTime(text)?.getTime()).toBe(seconds * 1000);
  });

  it.each(['', ' ', ' 12', '12 ', '12\n', '+12', '-12', '0x10', '1e3', '12.0', '1_000', '1000000000000', '١٢', 'NaN'])(
    'does not read %j',
    (text) => {
      expect(parseUnixTime(text)).toBeUndefined();
    },
  );
});

describe('areWithin', () => {
  it('counts to the millisecond, either way', () => {
    const at = (milliseconds: number): Date => new Date(1e12 + milliseconds);
    for (const sign of [1, -1]) {
      expect(areWithin(at(0), at(sign * 60_000), 60)).toBe(true);
      expect(areWithin(at(0), at(sign * 60_001), 60)).toBe(false);
    }
  });
});

describe('the time of a field that is nearly ISO 8601', () => {
  const iso = (time: Date | undefined) => time?.toISOString();

  it('may have a zone without a colon', () => {
    for (const zone of ['Z', '+00:00', '+0000', '-0000'])
      expect(iso(readIsoTime(`2026-03-01T09:30:00.5${zone}`))).toBe('2026-03-01T09:30:00.500Z');
    expect(iso(readIsoTime('2026-03-01T09:30:00-0330'))).toBe('2026-03-01T13:00:00.000Z');
    for (const text of ['2026-03-01T09:30:00', '2026-03-01T09:30:00+2400', '2026-03-01T09:30:00+00', '+0000', '', 7])
      expect(readIsoTime(text)).toBeUndefined();
  });

  it('may have no zone if its vendor means UTC, and a blank for the T; a zone that is there counts', () => {
    for (const text of ['2026-03-01T09:30:00', '2026-03-01 09:30:00.000', '2026-03-01T10:30:00+0100'])
      expect(iso(readUtcTime(text))).toBe('2026-03-01T09:30:00.000Z');
    for (const text of ['2026-03-01', '2026-02-30T09:30:00', '2026-03-01  09:30:00', '2026-03-01T09:30:00ZZ', '', null])
      expect(readUtcTime(text)).toBeUndefined();
  });
});
