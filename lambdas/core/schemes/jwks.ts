import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { Options } from '../envelope.ts';
import type { HttpResponse } from '../http/http.ts';
import type { KeyRequest } from '../key-request.ts';
import { isFor } from './public-keys.ts';
import type { Algorithm } from './public-keys.ts';

/**
 * The key of an id in the JSON Web Key Set (RFC 7517, 5) that is published at a URL. Keys of two kinds may have one id: with an
 * algorithm only the keys for it are read.
 */
export const jwks =
  (url: string) =>
  (kid: string, _secret?: string, _options?: Options, algorithm?: Algorithm): KeyRequest => ({
    set: url,
    id: kid,
    call: { method: 'GET', url, headers: { accept: 'application/json' } },
    read: (answer) => readKeySet(answer, algorithm),
  });

/** The most keys that are taken of one set. */
const MAX_KEYS = 100;

function readKeySet(
  { status, body }: HttpResponse,
  algorithm: Algorithm | undefined,
): ReadonlyMap<string, KeyObject> | undefined {
  if (status !== 200) return undefined;
  try {
    const { keys } = JSON.parse(body) as { readonly keys?: unknown };
    if (!Array.isArray(keys)) return undefined;
    const read = keys.slice(0, MAX_KEYS).flatMap(readKey);
    return new Map(read.filter(([, key]) => algorithm === undefined || isFor(key, algorithm)));
  } catch {
    return undefined;
  }
}

/** A key and its id, or nothing: a set may hold keys for other uses and of kinds that are not known here. */
export function readKey(jwk: unknown): [string, KeyObject][] {
  if (typeof jwk !== 'object' || jwk === null) return [];
  const { kid, kty, use, n, e, crv, x, y } = jwk as Partial<Record<string, unknown>>;
  if (typeof kid !== 'string' || use === 'enc') return [];
  try {
    // Only what a public key is made of: a private part that was published by mistake goes nowhere.
    return [[kid, createPublicKey({ key: { kty, n, e, crv, x, y } as JsonWebKey, format: 'jwk' })]];
  } catch {
    return [];
  }
}

type JsonWebKey = Extract<Parameters<typeof createPublicKey>[0], { format: 'jwk' }>['key'];
