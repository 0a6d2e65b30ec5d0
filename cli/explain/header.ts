import { hmacScheme, hmacSpecOf } from '../../lambdas/core/schemes/hmac.ts';
import { DIGEST_BYTES } from '../../lambdas/core/schemes/mac.ts';
import type { Encoding, Hash } from '../../lambdas/core/schemes/mac.ts';
import { publicKeyScheme, publicKeySpecOf } from '../../lambdas/core/schemes/public-key.ts';
import type { Algorithm } from '../../lambdas/core/schemes/public-keys.ts';
import type { Cause } from './causes.ts';
import { withHeader } from './trial.ts';
import type { Change, Hypothesis, Trial } from './trial.ts';

type Make = (value: string) => readonly (string | undefined)[];

const half = (value: string): string | undefined => {
  const [first, second] = [value.slice(0, Math.floor(value.length / 2)), value.slice(Math.ceil(value.length / 2))];
  return first === second || first === second.trim() ? first : undefined;
};
const HASH_NAMES = ['sha256', 'sha1', 'sha512', 'SHA256', 'hmac-sha256', 'v0', 'v1', 'signature'];

/** The headers that may have been sent, made out of the one that came. */
const MADE: readonly (readonly [Cause, string, Make])[] = [
  ['signature_quoted', 'there are blanks around it', (value) => [value.trim()]],
  ['signature_quoted', 'there are quotes around it', (value) => [value.trim().replace(/^(["'`<])(.*)["'`>]$/s, '$2')]],
  ['signature_doubled', 'it holds the same value twice', (value) => [half(value), ...twice(value)]],
  [
    'signature_prefix',
    'it has a prefix that does not belong there',
    (value) => [/^(?:[\w-]+[=:]|v\d,) *(.+)$/s.exec(value)?.[1], /^\w+ +(.+)$/s.exec(value)?.[1]],
  ],
  [
    'signature_prefix',
    'it lacks its prefix',
    (value) => HASH_NAMES.flatMap((name) => [`${name}=${value}`, `${name},${value}`]),
  ],
  ['signature_prefix', 'it lacks the word Bearer', (value) => [`Bearer ${value}`]],
  ['signature_joined', 'several signatures are joined in it', (value) => value.split(/[,;\s]+/).slice(0, 10)],
  ['signature_encoding', 'it is base64 of the hex text', (value) => [Buffer.from(value, 'base64').toString('latin1')]],
  ['signature_encoding', 'it is URL-encoded', (value) => [value.includes('%') ? unescaped(value) : undefined]],
  [
    'signature_encoding',
    'it is base64 without its padding',
    (value) => [value.padEnd(Math.ceil(value.length / 4) * 4, '=')],
  ],
  [
    'signature_encoding',
    'it is base64url in place of base64',
    (value) => [value.replaceAll('-', '+').replaceAll('_', '/')],
  ],
  ['signature_encoding', 'its hex digits are in upper case', (value) => [value.toLowerCase()]],
];

const twice = (value: string): string[] => {
  const parts = value.split(/,\s*/);
  return parts.length % 2 === 0 &&
    parts.length > 1 &&
    parts.slice(0, parts.length / 2).join() === parts.slice(parts.length / 2).join()
    ? [
        value
          .split(/, */)
          .slice(0, parts.length / 2)
          .join(','),
      ]
    : [];
};

function unescaped(value: string): string | undefined {
  try {
    return decodeURIComponent(value);
  } catch {
    return undefined;
  }
}

/** The signature header was changed, is there twice, or is of another encoding or digest. */
export const headerDamages: Hypothesis = function* (trial) {
  const { scheme, delivery } = trial;
  yield* renamed(trial);
  for (const { name, carries } of scheme.headers) {
    const values = delivery.headers.get(name) ?? [];
    const isSignature = carries === 'signature' || carries === 'token';
    if (values.length > 1)
      for (const value of new Set(values))
        yield change('signature_doubled', `${name} came ${values.length} times`, name, value);
    const [value] = values;
    if (value === undefined || !isSignature) continue;
    for (const [cause, detail, make] of MADE)
      for (const made of new Set(make(value)))
        if (made !== undefined && made !== '' && made !== value) yield change(cause, `${name}: ${detail}`, name, made);
  }
  yield* otherForms(trial);
};

/** A header of another name has what the scheme looks for. */
function* renamed({ scheme, delivery }: Trial): Generator<Change> {
  const missing = scheme.headers.filter(({ name, optional = false }) => !optional && !delivery.headers.has(name));
  const known = new Set(scheme.headers.map(({ name }) => name));
  const others = [...delivery.headers].filter(([name]) => !known.has(name) && !COMMON.has(name)).slice(0, 40);
  const [first, second] = missing;
  if (!first) return;
  for (const [name, [value = '']] of others) {
    const one = change('header_renamed', `${first.name} came as ${name}`, first.name, value);
    if (!second) yield one;
    else
      for (const [other, [text = '']] of others) {
        if (other === name) continue;
        const two = change(
          'header_renamed',
          `${first.name} came as ${name}, and ${second.name} as ${other}`,
          second.name,
          text,
        );
        yield { ...two, apply: (trial) => two.apply(one.apply(trial)) };
      }
  }
}

const COMMON = new Set([
  'host',
  'content-type',
  'content-length',
  'user-agent',
  'accept',
  'connection',
  'accept-encoding',
]);
const HASHES: readonly Hash[] = ['sha256', 'sha1', 'sha512'];
const ENCODINGS: readonly Encoding[] = ['hex', 'base64', 'base64url'];

const RSA: readonly Algorithm[] = ['rsa-sha256', 'rsa-sha1', 'rsa-sha512'];

/** The same layout with another digest, of an RSA signature: the key goes with each of them. */
function* otherDigests({ scheme }: Trial): Generator<Change> {
  const spec = publicKeySpecOf(scheme);
  if (!spec || !RSA.includes(spec.algorithm)) return;
  for (const algorithm of RSA.filter((each) => each !== spec.algorithm)) {
    const other = publicKeyScheme({ ...spec, algorithm });
    const detail = `it is made with ${algorithm.slice('rsa-'.length)}`;
    yield { cause: 'signature_digest', detail, apply: (trial) => ({ ...trial, scheme: other }) };
  }
}

/** The same layout with another encoding or digest. */
function* otherForms(trial: Trial): Generator<Change> {
  yield* otherDigests(trial);
  const spec = hmacSpecOf(trial.scheme);
  if (!spec) return;
  const own = [spec.signature.encoding].flat();
  for (const hash of HASHES)
    for (const encoding of ENCODINGS) {
      if (hash === spec.hash && own.includes(encoding)) continue;
      const other = hmacScheme({ ...spec, hash, signature: { ...spec.signature, encoding } });
      const detail = `it is ${8 * DIGEST_BYTES[hash]} bits of ${hash} in ${encoding}`;
      const cause = hash === spec.hash ? 'signature_encoding' : 'signature_digest';
      yield { cause, detail, apply: (trial) => ({ ...trial, scheme: other }) };
    }
}

const change = (cause: Cause, detail: string, name: string, value: string): Change => ({
  ...{ cause, detail },
  apply: (trial) => withHeader(trial, name, value),
});
