import { hmacSpecOf } from '../../lambdas/core/schemes/hmac.ts';
import { decode } from '../../lambdas/core/schemes/mac.ts';
import { dsaForms } from './dsa.ts';
import { withHeader, withSecret } from './trial.ts';
import type { Change, Hypothesis } from './trial.ts';

/*
 * A key, a token or a signature in another notation, for the schemes that are not MACs: those of MACs are made again with another
 * description, in header.ts and secret.ts.
 */

/** The text in other notations, as it may have been meant; the likeliest first. */
function* otherNotations(text: string): Generator<readonly [detail: string, made: string]> {
  const ofHex = text.length >= 8 ? decode(text.toLowerCase(), 'hex') : undefined;
  const ofBase64 = text.length >= 8 ? decode(text, 'base64') : undefined;
  const ofBase64Url = text.length >= 8 ? decode(text, 'base64url') : undefined;
  if (ofHex) {
    yield ['it is hex in place of base64', ofHex.toString('base64')];
    yield ['it is hex of the text', ofHex.toString('utf8')];
  }
  if (ofBase64) {
    yield ['it is base64 in place of hex', ofBase64.toString('hex')];
    yield ['it is base64 of the text', ofBase64.toString('utf8')];
  }
  if (ofBase64Url) yield ['it is base64url in place of base64', ofBase64Url.toString('base64')];
  yield ['it is the text in place of its base64', Buffer.from(text).toString('base64')];
  yield ['it is the text in place of its hex', Buffer.from(text).toString('hex')];
}

/** The lines that PEM has around a public key, and what its own lines become in an environment variable or in a form. */
function* pemForms(text: string): Generator<readonly [detail: string, made: string]> {
  if (text.includes('\\n')) yield ['its line breaks are written as \\n', text.replaceAll('\\n', '\n')];
  const bare = text.replaceAll(/-----(BEGIN|END) PUBLIC KEY-----|\\n|\s/g, '');
  if (!/^[A-Za-z\d+/]+=*$/.test(bare)) return;
  if (text.includes('-----')) yield ['it is PEM in place of base64', bare];
  const lines = bare.match(/.{1,64}/g)?.join('\n') ?? '';
  yield [
    'it lacks the lines or the line breaks of PEM',
    `-----BEGIN PUBLIC KEY-----\n${lines}\n-----END PUBLIC KEY-----\n`,
  ];
}

/** The stored key or token is in another notation than the one that the scheme takes. */
function* ofSecret(value: string): Generator<Change> {
  for (const [detail, made] of [...pemForms(value), ...otherNotations(value)])
    if (made !== value && made !== '')
      yield {
        cause: 'secret_encoding',
        detail: `the stored secret: ${detail}`,
        apply: (given) => withSecret(given, made),
      };
}

export const notationDamages: Hypothesis = function* (trial) {
  const { scheme, delivery, secret } = trial;
  if (hmacSpecOf(scheme)) return;
  yield* ofSecret(secret.value);
  for (const { name, carries } of scheme.headers) {
    const [value = ''] = delivery.headers.get(name) ?? [];
    if (value === '' || (carries !== 'signature' && carries !== 'token')) continue;
    const [, word = '', rest = ''] = /^((?:bearer|basic) +)?(.*)$/is.exec(value) ?? [];
    for (const [detail, made] of [...otherNotations(rest), ...dsaForms(rest)])
      yield {
        ...{ cause: 'signature_encoding', detail: `${name}: ${detail}` },
        apply: (given) => withHeader(given, name, word + made),
      };
  }
  const [, user] = /^basic +(\S+)$/i.exec(delivery.headers.get('authorization')?.[0] ?? '') ?? [];
  const name = /^([^:]*):/.exec(Buffer.from(user ?? '', 'base64').toString('utf8'))?.[1];
  if (name !== undefined && !secret.value.includes(':'))
    yield {
      ...{ cause: 'secret_prefix', detail: 'the stored secret is the password alone, without its user' },
      apply: (given) => withSecret(given, `${name}:${secret.value}`),
    };
};
