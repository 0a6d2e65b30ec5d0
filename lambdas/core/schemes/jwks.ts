import { createPublicKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { HttpResponse } from '../http/http.ts';
import type { KeyRequest } from '../key-request.ts';

/** The key of an id in the JSON Web Key Set (RFC 7517, 5) that is published at a URL. */
export const jwks =
  (url: string) =>
  (kid: string): KeyRequest => ({
    set: url,
    id: kid,
    call: { method: 'GET', url, headers: { accept: 'application/json' } },
    read: readKeySet,
  });

/** The most keys that are taken of one set. */
const MAX_KEYS = 100;

function readKeySet({ status, body }: HttpResponse): ReadonlyMap<string, KeyObject> | undefined {
  if (status !== 200) return undefined;
  try {
    const { keys } = JSON.parse(body) as { readonly keys?: unknown };
    return Array.isArray(keys) ? new Map(keys.slice(0, MAX_KEYS).flatMap(readKey)) : undefined;
  } catch {
    return undefined;
  }
}

/** A key and its id, or nothing: a set may hold keys for other uses and of kinds that are not known here. */
export function readKey(jwk: unknown): [string, KeyObject][] {
  if (typeof jwk !== 'object' || jwk === null) return [];
  const { kid, kty, n, e, crv, x, y } = jwk as Partial<Record<string, unknown>>;
  if (typeof kid !== 'string') return [];
  try {
    // Only what a public key is made of: a private part that was published by mistake goes nowhere.
    return [[kid, createPublicKey({ key: { kty, n, e, crv, x, y } as JsonWebKey, format: 'jwk' })]];
  } catch {
    return [];
  }
}

type JsonWebKey = Extract<Parameters<typeof createPublicKey>[0], { format: 'jwk' }>['key'];
