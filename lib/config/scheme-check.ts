import { schemesIn } from '../../lambdas/core/schemes/any-of.ts';
import { hmacSpecOf } from '../../lambdas/core/schemes/hmac.ts';
import type { LayoutSpec } from '../../lambdas/core/schemes/layout.ts';
import { DIGEST_BYTES } from '../../lambdas/core/schemes/mac.ts';
import type { Part } from '../../lambdas/core/schemes/parts.ts';
import { publicKeySpecOf } from '../../lambdas/core/schemes/public-key.ts';
import type { Scheme } from '../../lambdas/core/schemes/scheme.ts';
import { TIME_UNITS } from '../../lambdas/core/schemes/time.ts';

/**
 * The flaw of a scheme, as the end of a sentence that starts with its file; undefined if there is none. The types of `hmac` and
 * `publicKey` say the same (core/schemes/sound.ts), but nothing checks types when a customer's file is loaded: an unsigned
 * timestamp would open a window that anybody can move, and no sample of the provider's own would show it.
 */
export function schemeFlaw(scheme: Scheme): string | undefined {
  for (const one of schemesIn(scheme)) {
    const name = one.headers.map((header) => header.name).find((text) => text !== text.toLowerCase());
    if (name !== undefined) return `has a scheme whose "headers" name ${quoted(name)}: write it in lower case`;
    const [mac, signature] = [hmacSpecOf(one), publicKeySpecOf(one)];
    const spec = mac ?? signature;
    const flaw =
      (mac && (choiceFlaw('hash', mac.hash, HASHES) ?? choiceFlaw('key', keyEncoding(mac.key), KEY_ENCODINGS))) ??
      (signature && choiceFlaw('key', notation(signature.key), NOTATIONS)) ??
      (spec && layoutFlaw(spec));
    if (flaw !== undefined) return `has a scheme ${flaw}`;
  }
  return undefined;
}

const HASHES = Object.keys(DIGEST_BYTES);
const UNITS = Object.keys(TIME_UNITS);
const ENCODINGS = ['hex', 'base64', 'base64url'];
const KEY_ENCODINGS = ['utf8', ...ENCODINGS];
const NOTATIONS = ['hex', 'base64', 'base64-spki', 'pem'];
const PARTS = ['body', 'timestamp', 'id', 'method', 'url'];

const quoted = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value));
const keyEncoding = (key: string | { readonly encoding: string }) => (typeof key === 'string' ? key : key.encoding);
const notation = (key: string | { readonly notation: string }) => (typeof key === 'string' ? key : key.notation);

const choiceFlaw = (name: string, value: unknown, choices: readonly string[]): string | undefined =>
  choices.some((choice) => choice === value)
    ? undefined
    : `whose "${name}" is ${quoted(value)}: it must be one of ${choices.map(quoted).join(', ')}`;

function layoutFlaw(spec: LayoutSpec): string | undefined {
  const { signature, timestamp, id, signed } = spec;
  for (const encoding of [signature.encoding].flat()) {
    const flaw = choiceFlaw('encoding', encoding, ENCODINGS);
    if (flaw !== undefined) return flaw;
  }
  const unknown = signed.find((part) => !isPart(part));
  if (unknown !== undefined)
    return `that signs ${quoted(unknown)}: a part is one of ${PARTS.map(quoted).join(', ')}, { text } or { header }`;
  if (signed.filter((part) => part === 'body').length !== 1)
    return `whose "signed" is ${quoted(signed)}: "body" must be in it, and once`;
  return (
    statedFlaw('timestamp', timestamp, signed) ??
    statedFlaw('id', id, signed) ??
    (timestamp && timeFlaw(spec, timestamp))
  );
}

const isPart = (part: Part): boolean => {
  if (typeof part !== 'object') return PARTS.includes(part);
  const text: unknown = 'text' in part ? part.text : part.header;
  return typeof text === 'string' && text !== '';
};

function statedFlaw(name: 'timestamp' | 'id', stated: unknown, signed: readonly Part[]): string | undefined {
  const isSigned = signed.includes(name);
  if (isSigned === (stated !== undefined)) return undefined;
  return isSigned
    ? `that signs "${name}" and does not state it: add ${name}: { … }`
    : `whose "${name}" is not among the parts that are signed, ${quoted(signed)}: anybody could change it. Add it there as the provider signs it, or remove ${name}`;
}

function timeFlaw({ signature }: LayoutSpec, timestamp: NonNullable<LayoutSpec['timestamp']>): string | undefined {
  const { header, unit, toleranceSeconds } = timestamp;
  const isPaired = signature.form?.timestamp !== undefined;
  if (isPaired === (header !== undefined))
    return isPaired
      ? `whose timestamp is in a pair of the signature's header, and in the header ${quoted(header)}: remove one of them`
      : 'whose timestamp is in no header: state timestamp.header';
  const isTolerance = toleranceSeconds === undefined || (Number.isFinite(toleranceSeconds) && toleranceSeconds > 0);
  if (!isTolerance) return `whose "toleranceSeconds" is ${quoted(toleranceSeconds)}: it must be a number above 0`;
  return choiceFlaw('unit', unit, UNITS);
}
