import type { Options } from './envelope.ts';
import { isObject } from './json.ts';
import { schemeOf } from './provider.ts';
import type { Provider } from './provider.ts';
import type { SecretPair } from './schemes/scheme.ts';

/**
 * What is wrong with a secret for this provider, as the end of a sentence that starts with "The secret"; undefined if nothing is.
 * Nothing of the secret is in it.
 */
export function secretShapeFlaw(provider: Provider, options: Options, secret: string): string | undefined {
  const { parts } = provider.secret;
  if (parts) {
    const names = Object.keys(parts);
    const fields = readFields(secret);
    const shape = `must be a JSON object with the texts ${names.map((name) => `"${name}"`).join(' and ')}`;
    if (!fields || Object.keys(fields).some((name) => !names.includes(name))) return shape;
    if (!names.every((name) => typeof fields[name] === 'string' && fields[name] !== '')) return shape;
  } else if (readFields(secret) !== undefined) return `is JSON, and ${provider.title} has one text`;
  return schemeOf(provider, options).accepts(secret) ? undefined : `is not written as ${provider.title} writes it`;
}

function readFields(secret: string) {
  try {
    const value: unknown = JSON.parse(secret);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A secret of this provider made of a seed, for the local gateway and tests: the same seed makes the same secret. */
export function secretFrom(provider: Provider, options: Options, seed: string): SecretPair {
  const pair = schemeOf(provider, options).secretFrom(seed);
  const { parts } = provider.secret;
  if (!parts) return pair;
  const others = Object.fromEntries(Object.keys(parts).map((name) => [name, `${name}-${seed}`]));
  const merged = (own: string): string => {
    const fields = readFields(own);
    return fields ? JSON.stringify({ ...others, ...fields }) : own;
  };
  return { stored: merged(pair.stored), signing: merged(pair.signing) };
}
