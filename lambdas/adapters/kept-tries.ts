const KEPT = 10;

/** The attributes of an event's item that keep its last failed tries, each a time and a reason. */
export const KEPT_TRIES = {
  attributeOf: (attempt: number): string => `try${attempt % KEPT}`,
  attributes: Array.from({ length: KEPT }, (_, index) => `try${index}`),
} as const;
