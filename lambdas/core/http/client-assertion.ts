import { createPrivateKey, sign } from 'node:crypto';
import type { JsonWebKey, KeyObject } from 'node:crypto';
import { isObject } from '../json.ts';

/** A client that proves itself with a key of its own (SMART Backend Services; RFC 7523). */
export interface ClientKey {
  readonly clientId: string;
  /** In PEM, or a private JWK as text. */
  readonly privateKey: string;
  /** The `kid` by which the server finds the public half; default: the JWK's. */
  readonly keyId?: string | undefined;
}

/** The facts that an assertion states beside the client. */
export interface AssertionContext {
  readonly tokenUrl: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Unique to this assertion. */
  readonly id: string;
}

/** Seconds for which an assertion is valid: SMART allows five minutes. */
const LIFE_SECONDS = 240;

/**
 * The `client_assertion` of a token request: a JWT signed with RS384 or ES384, whichever the key is for. Undefined if the key is of
 * neither kind, or cannot be read.
 */
export function clientAssertion(
  { clientId, privateKey, keyId }: ClientKey,
  context: AssertionContext,
): string | undefined {
  const jwk = readJwk(privateKey);
  const key = readKey(privateKey, jwk);
  const algorithm = key && algorithmOf(key);
  if (!algorithm) return undefined;
  const kid = keyId ?? (typeof jwk?.kid === 'string' ? jwk.kid : undefined);
  const issuedAt = Math.floor(context.now / 1000);
  const header = { alg: algorithm, typ: 'JWT', ...(kid !== undefined && { kid }) };
  const claims = {
    ...{ iss: clientId, sub: clientId, aud: context.tokenUrl, jti: context.id },
    ...{ iat: issuedAt, exp: issuedAt + LIFE_SECONDS },
  };
  const signed = [header, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  const signature = sign('sha384', Buffer.from(signed), { key, dsaEncoding: 'ieee-p1363' });
  return `${signed}.${signature.toString('base64url')}`;
}

function algorithmOf({ asymmetricKeyType: type, asymmetricKeyDetails: details }: KeyObject): string | undefined {
  if (type === 'rsa') return (details?.modulusLength ?? 0) >= 2048 ? 'RS384' : undefined;
  return type === 'ec' && details?.namedCurve === 'secp384r1' ? 'ES384' : undefined;
}

function readKey(text: string, jwk: JsonWebKey | undefined): KeyObject | undefined {
  try {
    return jwk ? createPrivateKey({ key: jwk, format: 'jwk' }) : createPrivateKey(text);
  } catch {
    return undefined;
  }
}

function readJwk(text: string): JsonWebKey | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
