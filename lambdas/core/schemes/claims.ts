import { hash } from 'node:crypto';
import type { Options, ReadContext } from '../envelope.ts';
import type { JsonObject } from '../json.ts';
import type { Result } from '../result.ts';
import { refuse } from '../result.ts';
import type { RejectionReason } from '../verdict.ts';
import { decode, isOneOf } from './mac.ts';
import type { Encoding } from './mac.ts';
import { secretPart } from './secret-parts.ts';
import { areWithin } from './time.ts';

/** The demands on the claims of a token. */
export interface Claims {
  readonly issuer?: string;
  /** For whom the token must be, by the source's options; undefined if those do not say. */
  readonly audience?: (options: Options) => string | undefined;
  /** Seconds by which `iat` may be away from now, either way. Absent: `exp` alone limits the token, and must be there. */
  readonly maxAgeSeconds?: number;
  /** Other claims with the values that they must have, by the source's options; undefined if those do not say. */
  readonly others?: Readonly<Record<string, (options: Options) => string | boolean | undefined>>;
  /**
   * Claims that must be a part of the secret, for whoever can have a token of the provider: the part, and its text in samples. A claim
   * that is a list must hold it.
   */
  readonly parts?: Readonly<Record<string, { readonly part: string; readonly example: string }>>;
  /** The claim that is the body's SHA-256. Without it the token says nothing of the body. */
  readonly bodyHash?: { readonly claim: string; readonly encoding: Encoding };
}

/** Seconds for which a token is taken after its end and before its beginning: clocks differ. */
const LEEWAY_SECONDS = 60;
/** Seconds for which a token that this code makes is good, if its age is not limited. */
const LIFE_SECONDS = 300;

const timeOf = (value: unknown): Date | undefined =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) < 1e12 ? new Date(value * 1000) : undefined;

/** Why the claims are refused; undefined if they say what they must. */
export function checkClaims(
  payload: JsonObject,
  claims: Claims,
  body: Buffer,
  { now, options }: ReadContext,
): Result<never, RejectionReason> | undefined {
  const { exp, nbf, iat, iss, aud } = payload;
  const { maxAgeSeconds, bodyHash } = claims;
  const [issued, ends, begins] = [timeOf(iat), timeOf(exp), timeOf(nbf)];
  if ((maxAgeSeconds === undefined ? exp : iat) === undefined) return refuse('missing_timestamp');
  // A limit that is stated and cannot be read is a limit all the same.
  const isRead = (claim: unknown, time: Date | undefined): boolean => claim === undefined || time !== undefined;
  if (!isRead(exp, ends) || !isRead(nbf, begins) || (maxAgeSeconds !== undefined && !isRead(iat, issued)))
    return refuse('malformed_timestamp');
  const leeway = LEEWAY_SECONDS * 1000;
  const isOver = ends !== undefined && ends.getTime() + leeway < now.getTime();
  const isEarly = begins !== undefined && begins.getTime() - leeway > now.getTime();
  const isOld = maxAgeSeconds !== undefined && issued !== undefined && !areWithin(issued, now, maxAgeSeconds);
  if (isOver || isEarly || isOld) return refuse('timestamp_out_of_window');

  const expected = (values: unknown, value: string | boolean | undefined): boolean =>
    value === undefined || isAmong(values, value);
  const isForUs =
    expected(iss, claims.issuer) &&
    expected(aud, claims.audience?.(options)) &&
    Object.entries(claims.others ?? {}).every(([name, value]) => expected(payload[name], value(options)));
  return isForUs && (!bodyHash || isHashOf(payload[bodyHash.claim], bodyHash.encoding, body))
    ? undefined
    : refuse('signature_mismatch');
}

const isAmong = (values: unknown, value: string | boolean): boolean =>
  Array.isArray(values) ? values.some((one) => one === value) : values === value;

/** Whether the claims that are parts of the secret are those of this one. */
export const areOf = (payload: JsonObject, { parts = {} }: Claims, secret: string): boolean =>
  Object.entries(parts).every(([name, { part }]) => {
    const expected = secretPart(secret, part);
    return expected !== undefined && expected !== '' && isAmong(payload[name], expected);
  });

function isHashOf(claim: unknown, encoding: Encoding, body: Buffer): boolean {
  const received = typeof claim === 'string' ? decode(claim, encoding) : undefined;
  return received !== undefined && isOneOf([received], hash('sha256', body, 'buffer'));
}

/** The claims of a token that the provider would make for this body. */
export function claimsFor(claims: Claims, body: Buffer, { now, options }: ReadContext): JsonObject {
  const iat = Math.floor(now.getTime() / 1000);
  const others = Object.entries(claims.others ?? {}).map(([name, value]) => [name, value(options)] as const);
  return {
    ...{ iat, exp: iat + (claims.maxAgeSeconds ?? LIFE_SECONDS), iss: claims.issuer, aud: claims.audience?.(options) },
    ...Object.fromEntries(others),
    ...Object.fromEntries(Object.entries(claims.parts ?? {}).map(([name, { example }]) => [name, example])),
    ...(claims.bodyHash && {
      [claims.bodyHash.claim]: hash('sha256', body, 'buffer').toString(claims.bodyHash.encoding),
    }),
  };
}
