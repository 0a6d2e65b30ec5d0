/** A number of things, as a person says it: `1 event`, `2 events`. */
export const counted = (number: number, thing: string): string => `${number} ${thing}${number === 1 ? '' : 's'}`;

/** The verb behind {@link counted}. */
export const isOrAre = (number: number): 'is' | 'are' => (number === 1 ? 'is' : 'are');
