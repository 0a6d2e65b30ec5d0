import { OperatorError } from '../../operator-error.ts';

const PLACE = /^\d{4}-\d\d-\d\dT[\d:.]+Z#[\da-f]{16}$/;

/** The place in the list as a word that a person pastes: nothing in it means anything to anybody else. */
export const cursorOf = (place: string): string => Buffer.from(place).toString('base64url');

/** The inverse of {@link cursorOf}. Throws an {@link OperatorError} for a word that it never makes. */
export function placeOf(cursor: string): string {
  const place = Buffer.from(cursor, 'base64url').toString('latin1');
  if (PLACE.test(place) && cursorOf(place) === cursor) return place;
  throw new OperatorError('--after takes what an earlier page gave as its next page.');
}
