import { hmacScheme, hmacSpecOf } from '../../lambdas/core/schemes/hmac.ts';
import type { HmacSpec } from '../../lambdas/core/schemes/hmac.ts';
import { decode } from '../../lambdas/core/schemes/mac.ts';
import type { Cause } from './causes.ts';
import { withSecret } from './trial.ts';
import type { Change, Hypothesis } from './trial.ts';

/** Prefixes that providers write before their secrets. */
/** Stored along with a token; a delivery that has it too many has it in its header. */
const BEARER = 'Bearer ';
const PREFIXES = ['whsec_', 'whsk_', 'sk_', 'whs_', 'secret_', 'v1,whsec_', BEARER];
const QUOTES = ['"', "'", '`'];

type Make = (secret: string) => readonly (string | undefined)[];

/** The secrets that may have signed, made out of the stored one; the likeliest first. */
const MADE: readonly (readonly [Cause, string, Make])[] = [
  [
    'secret_blank',
    'the stored secret has a blank or a line break too many',
    (secret) => [secret.trim(), secret.trimEnd(), secret.trimStart()],
  ],
  [
    'secret_blank',
    'it was used with a blank or a line break at an end',
    (secret) => ['\n', '\r\n', ' ', '\r'].map((blank) => secret + blank),
  ],
  ['secret_blank', 'it was used with a blank at the start', (secret) => [` ${secret}`]],
  ['secret_quoted', 'the stored secret has quotes around it', (secret) => [/^(["'`])(.*)\1$/s.exec(secret)?.[2]]],
  ['secret_quoted', 'it was used with quotes around it', (secret) => QUOTES.map((quote) => quote + secret + quote)],
  ['secret_json', 'the stored secret is JSON that holds it', (secret) => textsOf(secret)],
  [
    'secret_prefix',
    'it was used without its prefix',
    (secret) => PREFIXES.map((prefix) => (secret.startsWith(prefix) ? secret.slice(prefix.length) : undefined)),
  ],
  [
    'secret_prefix',
    'it was used with a prefix',
    (secret) => PREFIXES.flatMap((prefix) => (prefix === BEARER ? [] : prefix + secret)),
  ],
  ['secret_case', 'it was used in lower case', (secret) => [secret.toLowerCase()]],
  ['secret_case', 'it was used in upper case', (secret) => [secret.toUpperCase()]],
];

/** The texts in a JSON document, to a small depth. */
function textsOf(secret: string): string[] {
  try {
    return collect(JSON.parse(secret), 0);
  } catch {
    return [];
  }
}

function collect(value: unknown, depth: number): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null || depth > 3) return [];
  return Object.values(value)
    .slice(0, 20)
    .flatMap((part) => collect(part, depth + 1));
}

/** The secret is written otherwise on one side. */
export const secretDamages: Hypothesis = function* (trial) {
  const { value } = trial.secret;
  for (const [cause, detail, make] of MADE)
    for (const made of new Set(make(value)))
      if (made !== undefined && made !== '' && made !== value)
        yield { cause, detail, apply: (given) => withSecret(given, made) };
  yield* keyForms(value, hmacSpecOf(trial.scheme));
};

const ENCODINGS = ['base64', 'hex', 'base64url'] as const;

/** A secret that is base64 or hex, whose text was used as the key in place of its bytes, or the other way. */
function* keyForms(value: string, spec: HmacSpec | undefined): Generator<Change> {
  if (!spec) return;
  const form = typeof spec.key === 'string' ? { encoding: spec.key } : spec.key;
  const using = (encoding: typeof form.encoding, made: string, detail: string): Change => ({
    ...{ cause: 'secret_encoding', detail },
    apply: (given) => withSecret({ ...given, scheme: hmacScheme({ ...spec, key: { ...form, encoding } }) }, made),
  });
  for (const encoding of ENCODINGS) {
    if (form.encoding === 'utf8') {
      for (const text of new Set([value, ...PREFIXES.map((prefix) => value.replace(prefix, '')), padded(value)]))
        if (decode(text, encoding))
          yield using(encoding, text, `the bytes that its ${encoding} stands for were the key`);
      const written = Buffer.from(value).toString(encoding);
      yield using('utf8', written, `its ${encoding} was the key`);
    } else if (form.encoding !== encoding && decode(value, encoding)) {
      yield using(encoding, value, `it was read as ${encoding}`);
    }
  }
  if (form.encoding !== 'utf8') {
    yield using('utf8', value, 'its text was the key, not the bytes that it stands for');
    if (form.encoding !== 'hex') yield using(form.encoding, padded(value), 'it lacks its padding');
  }
}

const padded = (text: string): string =>
  text.replace(/=+$/, '').padEnd(Math.ceil(text.replace(/=+$/, '').length / 4) * 4, '=');
