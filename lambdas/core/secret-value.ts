import { parseObject } from './json.ts';

/**
 * Why a stored value cannot be a signing secret: a signature made with it would prove nothing, or it is not written as its
 * provider writes secrets.
 */
export type SecretFlaw = 'empty' | 'placeholder' | 'too_short' | 'wrong_shape';

/** The fewest characters of a secret: any shorter one is found by trying all of them. */
const MIN_SECRET_CHARACTERS = 6;

/**
 * Texts that people write in the place of a secret that is still to come, such as `CHANGE_ME` or `<change-me>`: in lower
 * case, letters and digits alone. The samples in the providers' documents are among them, because everybody knows those.
 */
const PLACEHOLDERS: ReadonlySet<string> = new Set([
  ...['changeme', 'changeit', 'changethis', 'replaceme', 'replacethis', 'placeholder', 'fixme', 'todo', 'tbd', 'tba'],
  ...['none', 'null', 'nil', 'undefined', 'unset', 'notset', 'empty', 'missing', 'na', 'default', 'dummy', 'example'],
  ...['secret', 'secretkey', 'mysecret', 'yoursecret', 'yoursecrethere', 'yoursecretkey', 'insertsecrethere'],
  ...['signingsecret', 'webhooksecret', 'yourwebhooksecret', 'secrethere', 'entersecrethere', 'password', 'test'],
  // Optum's, Honeybee's and Nabla's documents.
  ...['clientsecrethere', 'clientsecret', 'webhooksecretkey', 'yourwebhooksecretkey', 'yourclientsecret'],
  // The secrets of GitHub's, Slack's, Zendesk's and Standard Webhooks' pages.
  ...['itsasecrettoeverybody', '8f742231b10e8888abcd99yyyzzz85a5', 'dghpc19zzwnyzxrfaxnfzm9yx3rlc3rpbmdfb25seq'],
  // Square's, Paddle's, CircleCI's and Adyen's.
  ...['asdf1234', 'ibxx5akako3qenvr61dw', 'signaturekey', 'validsecret', 'hunter123', 'anothersecret'],
  ...['44782def547aaa06c910c43932b1eb0c71fc68d9d0c057550c48ec2acf6ba056'],
  ...['dfb1eb5485895cfa84146406857104abb4cbcabdc8aaf103a624c8f6a3eaab00'],
  // A prefix with nothing behind it.
  ...['whsec', 'whpk', 'sktest', 'sklive'],
  ...['whsecmfkq9r8gkyqrtwjupd8ilpzio2lalasw', 'mfkq9r8gkyqrtwjupd8ilpzio2lalasw'],
]);

/** Returns the flaw of a value that cannot be a signing secret: empty, a placeholder, or so short that anybody finds it. */
export function secretFlaw(value: string): SecretFlaw | undefined {
  if (value.trim() === '') return 'empty';
  if (isPlaceholder(value)) return 'placeholder';
  return Array.from(value).length < MIN_SECRET_CHARACTERS ? 'too_short' : undefined;
}

/** Characters of the longest text that is read as words, and of the words on average: random text has shorter ones. */
const LONGEST_WORDS = 64;
const WORD_LETTERS = 2.3;

function isPlaceholder(value: string): boolean {
  const { other, word, crosses } = /[^\0-\x7f]/.test(value) ? IN_ANY_SCRIPT : IN_ASCII;
  const letters = value.toLowerCase().replaceAll(other, '');
  if (letters === '' || PLACEHOLDERS.has(letters)) return true;
  if (letters.length >= MIN_SECRET_CHARACTERS && ROWS.some((row) => row.includes(letters))) return true;
  // The same again and again: one character, a few, or a placeholder.
  const [, unit = ''] = /^(.+?)\1+$/u.exec(letters.slice(0, LONGEST_WORDS)) ?? [];
  if ((unit.length <= 4 && letters.length >= 3 * unit.length && unit !== '') || PLACEHOLDERS.has(unit)) return true;
  if (/x{6}/i.test(value)) return true;
  if (value.length > LONGEST_WORDS) return false;
  const words = value.match(word) ?? [];
  if (letters.length / words.length < WORD_LETTERS) return false;
  return crosses.test(value) || INSTEAD.test(words.join(' ').toLowerCase());
}

/**
 * Characters that are neither letters nor digits; a word; and crosses that stand alone, because among other letters they are those of
 * one random key in forty thousand.
 */
interface Patterns {
  readonly other: RegExp;
  readonly word: RegExp;
  readonly crosses: RegExp;
}

const IN_ANY_SCRIPT: Patterns = {
  other: /[^\p{L}\p{N}]/gu,
  word: /\p{Lu}?\p{Ll}+|\p{Lu}+(?!\p{Ll})|\p{N}+/gu,
  crosses: /(?<![\p{L}\p{N}+/])(x{3,}|X{3,})(?![\p{L}\p{N}+/])/u,
};

/** The same of ASCII: to compile the letters of every script takes a fresh container 2 ms, in its first delivery. */
const IN_ASCII: Patterns = {
  other: /[^a-z0-9]/g,
  word: /[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+/g,
  crosses: /(?<![A-Za-z0-9+/])(x{3,}|X{3,})(?![A-Za-z0-9+/])/,
};

/** The rows that fingers follow. */
const ROWS: readonly string[] = ['01234567890', 'abcdefghijklmnopqrstuvwxyz', 'qwertyuiop', '9876543210'];

/** The phrases by which people say that a secret is still to come, anywhere in a text that is made of words. */
const INSTEAD = new RegExp(
  `\\b(${[
    '(change|replace|fill|set) ?(me|this|it|in|with)|to ?be ?(set|done|defined|replaced|changed|filled|configured)',
    'your( \\w+){0,4} (secret|key|token|password)|(insert|enter|put|paste|add)( \\w+){0,4} (secret|key|token|here)',
    '(secret|key|token|password|value) (goes )?here|place ?holder|to ?do|fix ?me|dummy|redacted|undefined',
    '(not|un) ?set|pending$',
  ].join('|')})\\b`,
);

/** Whether a value is a default of the local gateway, which everybody knows: no secret for what is deployed. */
export const isLocalDefault = (value: string): boolean =>
  /^local-secret-/i.test(value.trim()) || (isJsonObject(value) && /local-secret-/i.test(value));

/** The words for each flaw, as the end of a sentence that starts with "The secret". */
export const FLAW_IN_WORDS: Readonly<Record<SecretFlaw, string>> = {
  empty: 'is empty',
  placeholder: 'is a placeholder, or a sample that everybody knows',
  too_short: `has fewer than ${MIN_SECRET_CHARACTERS} characters`,
  wrong_shape: 'is not written as its provider writes secrets',
};

/** Bytes of the longest secret that the operator's command takes. */
export const MAX_SECRET_BYTES = 4096;

/**
 * Returns the mistake in a new secret, as the end of a sentence that starts with "The secret"; undefined if there is none.
 * Anything in a secret that its provider does not sign with would make every signature differ. `like` is a secret as the
 * provider's scheme makes them: JSON and line breaks are right only if they are in that too.
 */
export function newSecretFlaw(value: string, like = ''): string | undefined {
  if (Buffer.byteLength(value) > MAX_SECRET_BYTES) return `has more than ${MAX_SECRET_BYTES} bytes`;
  const flaw = secretFlaw(value);
  if (flaw !== undefined && flaw !== 'too_short') return FLAW_IN_WORDS[flaw];
  const [isJson, hasLines] = [isJsonObject(like), like.includes('\n')];
  const visible = isJson || hasLines ? value.replaceAll(/[\r\n\t]/g, '') : value;
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(visible)) return 'has control or invisible characters in it';
  if (!value.isWellFormed()) return 'is not well-formed text';
  if (flaw !== undefined) return FLAW_IN_WORDS[flaw];
  if (value.trim() !== value) return 'starts or ends with a blank';
  if (isJson) return isJsonObject(value) ? undefined : 'is not a JSON object, as the secrets of its provider are';
  if (/^(\{.*\}|\[.*\])[\s,;]*$|^[{[]\s*"/su.test(value)) return 'looks like JSON: give the signing secret alone';
  if (/^["'`“”„‘’‚«»]|["'`“”„‘’‚«»]$/u.test(value)) return 'is in quotes, or has one at an end: give it without them';
  if (SAMPLE.test(value) && !isLocalDefault(value)) return FLAW_IN_WORDS.placeholder;
  if (/^-----BEGIN [A-Z ]+-----$/.test(value)) return 'is the first line of a key: give all of its lines';
  if (IN_HEADER.test(value) && !IN_HEADER.test(like)) return 'is written as in a header: give the value alone';
  // A user's name stands before the password of HTTP Basic, which may end in anything.
  if (!like.includes(':') && NAMED.test(value)) return 'has its name before it: give the value alone';
  if (!like.includes(':') && /([,;]|\\[nrt])$/.test(value)) return 'has something behind it: give the value alone';
  return value.startsWith('arn:aws') && !like.startsWith('arn:') ? 'is the ARN of a secret: give its value' : undefined;
}

/** A name, and a value behind it: the line of a file of variables, or of a header, or of a page. */
const NAMED = new RegExp(
  `^(${[
    String.raw`export +\w+=(?!=)|(export +)?[A-Z][A-Z0-9]*(_[A-Z0-9]+)+=(?!=)`,
    String.raw`([A-Za-z][\w.-]* +){0,3}[A-Za-z][\w.-]*(?<=secret|key|token|password)["']? *(=(?!=)|:)`,
  ].join('|')}) *\\S`,
  'iu',
);

/** A scheme of the header Authorization, or the tag of a signature, before the value. */
const IN_HEADER = /^((bearer|basic) +|(sha(1|256|384|512)|v\d)=)\S/i;

const KIND = '(test|example|sample|demo|fake|temp|dummy|local|my|your)';

/**
 * Texts that people write to try something, or in documents, and a reference to a value in place of the value. Only a new secret is
 * held against these: a test on this machine may use one.
 */
const SAMPLE = new RegExp(
  `^(${[
    `(whsec_)?(${KIND}[ _-]*)+((signing|webhook|client|shared)[ _-]*)?(secret|key|token|password)([ _-]?\\d{0,4}|[ _-]+[a-z]{2,12})`,
    String.raw`password\d{0,4}|whsec_(secret|key|test)|[<([][\w .-]*[>)\]]`,
    String.raw`(process|import\.meta)\.env\..*|os\.environ.*|\$\{?[\w.]+\}?|%\w+%`,
  ].join('|')})$`,
  'i',
);

const isJsonObject = (text: string): boolean => parseObject(Buffer.from(text)) !== undefined;
