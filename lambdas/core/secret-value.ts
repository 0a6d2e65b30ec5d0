/** Why a stored value cannot be a signing secret: a MAC made with it would prove nothing. */
export type SecretFlaw = 'empty' | 'placeholder';

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
]);

/** The flaw of a value that cannot be a signing secret: empty, blanks only, a placeholder, or one character repeated. */
export function secretFlaw(value: string): SecretFlaw | undefined {
  if (value.trim() === '') return 'empty';
  const letters = value.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');
  const isPlaceholder = letters === '' || PLACEHOLDERS.has(letters) || /^(.)\1{2,}$/u.test(value);
  return isPlaceholder ? 'placeholder' : undefined;
}

/** Bytes of the longest secret that the operator's command takes. */
export const MAX_SECRET_BYTES = 4096;

/**
 * What is wrong with a new secret, as the end of a sentence that starts with "The secret"; undefined if nothing is wrong. An
 * invisible character came with the secret by mistake, and would make every signature differ.
 */
export function newSecretFlaw(value: string): string | undefined {
  if (Buffer.byteLength(value) > MAX_SECRET_BYTES) return `has more than ${MAX_SECRET_BYTES} bytes`;
  const flaw = secretFlaw(value);
  if (flaw === 'empty') return 'is empty';
  if (flaw === 'placeholder') return 'is a placeholder, or a sample that everybody knows';
  if (/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u.test(value)) return 'has control or invisible characters in it';
  if (!value.isWellFormed()) return 'is not well-formed text';
  return value.trim() === value ? undefined : 'starts or ends with a blank';
}
