/** The objects of the operators' record: one per entry, by its number, in the order of their keys. */
export const RECORD = {
  prefix: 'record/',
  keyOf: (number: number): string => `record/${String(number).padStart(10, '0')}.json`,
  /** The number of an entry's key; NaN for any other key. */
  numberOf: (key: string): number => Number(/^record\/(\d{10})\.json$/.exec(key)?.[1]),
} as const;
