import type { AttributeValue } from '@aws-sdk/client-dynamodb';

export type Item = Record<string, AttributeValue>;

/** The attributes' values under their placeholders: `:name` for `name`. */
export const valuesOf = (item: Item): Item =>
  Object.fromEntries(Object.entries(item).map(([name, value]) => [`:${name}`, value]));

/** The attributes' names under their placeholders, `#name` for `name`: `source` and `status` are reserved words. */
export const namesOf = (item: Item): Record<string, string> =>
  Object.fromEntries(Object.keys(item).map((name) => [`#${name}`, name]));

/** The `SET` actions that write the attributes over what is there. */
export const setAll = (item: Item): string[] => Object.keys(item).map((name) => `${name} = :${name}`);

/** The `SET` actions that write each attribute unless it is there already; their names are placeholders. */
export const setIfAbsent = (item: Item): string[] =>
  Object.keys(item).map((name) => `#${name} = if_not_exists(#${name}, :${name})`);
