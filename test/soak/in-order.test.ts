import { expect, it } from '@jest/globals';
import { outOfOrder } from './in-order.ts';

const published = (times: Readonly<Record<string, readonly number[]>>) => new Map(Object.entries(times));

it('finds no flaw in a line of which each event is handled after the one before, again after a kill or not', () => {
  expect(outOfOrder(['a', 'b', 'c'], published({ a: [1], b: [2, 3], c: [3] }))).toEqual([]);
});

it('finds an event that overtook another one, was handled again after the next, or is lost', () => {
  expect(outOfOrder(['a', 'b'], published({ a: [2], b: [1] }))).toEqual(['b was handled before a']);
  expect(outOfOrder(['a', 'b'], published({ a: [1, 3], b: [2] }))).toEqual(['b was handled before a']);
  expect(outOfOrder(['a', 'b', 'c'], published({ a: [1], c: [2] }))).toEqual(['b is lost']);
});
