import { describe, expect, it } from '@jest/globals';
import { asNewest, isOlder, orderKeyOf, placeOf, timeInLine } from '../../../lambdas/core/line.ts';
import { makeEvent } from './in-memory.ts';

const keyIn = (json: unknown, by = 'data.patientId'): string | undefined =>
  orderKeyOf(Buffer.from(JSON.stringify(json)), by);

describe('the order key of an event', () => {
  it.each([
    ['a text', { data: { patientId: 'p1' } }, 'p1'],
    ['a number, which is the same key as its digits', { data: { patientId: 7 } }, '7'],
    ['a boolean', { data: { patientId: false } }, 'false'],
    ['an object', { data: { patientId: {} } }, undefined],
    ['null', { data: { patientId: null } }, undefined],
    ['an empty text', { data: { patientId: '' } }, undefined],
    ['nothing', { data: {} }, undefined],
    ['nothing on the way', { data: null }, undefined],
    ['a list', ['data'], undefined],
  ])('is, of %s', (_, json, expected) => {
    expect(keyIn(json)).toBe(expected);
  });

  it('can be in a list', () => {
    expect(keyIn({ patients: [{ id: 'p1' }] }, 'patients.0.id')).toBe('p1');
  });

  it('is nothing that every object has', () => {
    expect(keyIn({}, 'constructor.name')).toBeUndefined();
    expect(keyIn({ patients: ['p1'] }, 'patients.length')).toBeUndefined();
  });

  it('is undefined for a body that is not JSON', () => {
    expect(orderKeyOf(Buffer.from('patientId=p1'), 'patientId')).toBeUndefined();
  });
});

describe('the place of an event', () => {
  const ofPatient = (id: string) => makeEvent({ body: Buffer.from(JSON.stringify({ patient: id })) });

  it('names the line by a hash, so that no order key is in the ledger', () => {
    const place = placeOf(ofPatient('jane'), { by: 'patient' });
    expect(place).toEqual({ source: 'osigu', key: 'evt_1', line: expect.stringMatching(/^[0-9a-f]{32}$/) });
    expect(placeOf(ofPatient('joe'), { by: 'patient' })?.line).not.toBe(place?.line);
  });

  it('is undefined if the source is not ordered', () => {
    expect(placeOf(ofPatient('jane'), undefined)).toBeUndefined();
  });
});

describe('the newest event of a line', () => {
  const newest = { key: 'evt_2', time: '2026-01-02T00:00:00.000Z' };

  it('makes only an event with an earlier time older', () => {
    expect(isOlder('2026-01-01T23:59:59.999Z', newest)).toBe(true);
    expect(isOlder(newest.time, newest)).toBe(false);
    expect(isOlder(undefined, newest)).toBe(false);
    expect(isOlder('2026-01-01T00:00:00.000Z', undefined)).toBe(false);
  });

  it('is none that states a time after its receipt, but for a clock that is some minutes ahead', () => {
    const receivedAt = '2026-01-02T00:00:00.000Z';
    const of = (time?: string) => timeInLine({ receivedAt, ...(time !== undefined && { time }) });
    expect(of('2026-01-02T00:05:00.000Z')).toBe('2026-01-02T00:05:00.000Z');
    expect(['2026-01-02T00:05:00.001Z', '9999-12-31T23:59:59.999Z', 'no time', undefined].map(of)).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
  });

  it('is replaced only by a newer one', () => {
    const later = { key: 'evt_3', time: '2026-01-03T00:00:00.000Z' };
    expect(asNewest(later, newest)).toEqual(later);
    expect(asNewest(later, undefined)).toEqual(later);
    expect(asNewest({ key: 'evt_3' }, undefined)).toBeUndefined();
    expect(asNewest(newest, newest)).toBeUndefined();
  });
});
