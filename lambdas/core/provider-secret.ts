import type { Options } from './envelope.ts';
import { isObject } from './json.ts';
import type { JsonObject } from './json.ts';
import { schemeOf } from './provider.ts';
import type { Provider } from './provider.ts';
import type { SecretPart, SecretSpec } from './secret-spec.ts';
import type { SecretPair } from './schemes/scheme.ts';

/**
 * The flaw of a secret for this provider, as the end of a sentence that starts with "The secret"; undefined if it has none.
 * Nothing of the secret is in it.
 */
export function secretShapeFlaw(provider: Provider, options: Options, secret: string): string | undefined {
  const { parts } = provider.secret;
  if (parts) {
    const flaw = partsFlaw(parts, readFields(secret));
    if (flaw !== undefined) return flaw;
  } else if (readFields(secret) !== undefined) return `is JSON, and ${provider.title} has one text`;
  return schemeOf(provider, options).accepts(secret) ? undefined : `is not written as ${provider.title} writes it`;
}

function partsFlaw(parts: SecretParts, fields: JsonObject | undefined): string | undefined {
  const all = Object.entries(parts);
  const named = all.map(([name, part]) => (isOptional(part) ? `"${name}" (optional)` : `"${name}"`));
  const shape = `must be a JSON object with the texts ${named.join(' and ')}`;
  if (!fields || Object.keys(fields).some((name) => !Object.hasOwn(parts, name))) return shape;
  const isWrong = ([name, part]: (typeof all)[number]): boolean =>
    fields[name] === undefined ? !isOptional(part) : typeof fields[name] !== 'string' || fields[name] === '';
  if (all.some(isWrong)) return shape;
  const unlike = all.find(
    ([name, part]) =>
      typeof part === 'object' && typeof fields[name] === 'string' && part.pattern?.test(fields[name]) === false,
  );
  return unlike && `has a "${unlike[0]}" that is not written as it must be: ${describe(unlike[1])}`;
}

type SecretParts = NonNullable<SecretSpec['parts']>;

const isOptional = (part: SecretPart): boolean => typeof part === 'object' && part.optional === true;
const describe = (part: SecretPart): string => (typeof part === 'string' ? part : part.description);

function readFields(secret: string): JsonObject | undefined {
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
  const others = Object.fromEntries(
    Object.entries(parts).map(([name, part]) => [
      name,
      (typeof part === 'object' ? part.example : undefined) ?? `${name}-${seed}`,
    ]),
  );
  const [stored, signing] = [readFields(pair.stored), readFields(pair.signing)];
  return {
    // A scheme whose keys are fetched has no part of its own: the secret is what the keys are asked for with.
    stored: JSON.stringify({ ...others, ...stored }),
    signing: signing ? JSON.stringify({ ...others, ...signing }) : pair.signing,
  };
}
