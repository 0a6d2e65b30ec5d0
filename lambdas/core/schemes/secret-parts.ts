import { cached } from './cache.ts';

/** A field of a secret that is a JSON object of texts; undefined if it is not one, or the field is not a text. */
export function secretPart(secret: string, name: string): string | undefined {
  const value = fieldsOf(secret).get(name);
  return typeof value === 'string' ? value : undefined;
}

const fieldsOf = cached((secret): ReadonlyMap<string, unknown> => {
  try {
    const value: unknown = JSON.parse(secret);
    return new Map(typeof value === 'object' && value !== null ? Object.entries(value) : []);
  } catch {
    return new Map();
  }
});
