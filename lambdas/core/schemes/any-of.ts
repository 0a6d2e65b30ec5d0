import { ok } from '../result.ts';
import type { Result } from '../result.ts';
import type { RejectionReason } from '../verdict.ts';
import type { FetchedKeySignature, Scheme, SchemeHeader, SecretSignature, Signature } from './scheme.ts';

/** Several schemes as one. */
export interface AnyOfScheme extends Scheme {
  readonly schemes: readonly Scheme[];
}

/** The schemes that a scheme is made of; itself alone if {@link anyOf} has not made it. */
export const schemesIn = (scheme: Scheme & Partial<AnyOfScheme>): readonly Scheme[] =>
  scheme.schemes?.flatMap(schemesIn) ?? [scheme];

/**
 * Several schemes of one provider, as of one that moves from an old header to a new one, or lets its customers choose. A delivery
 * is authentic if one of them finds it so. All must cover the same, and check the same window: the weakest is what counts.
 */
export function anyOf(first: Scheme, ...others: readonly Scheme[]): AnyOfScheme {
  const all = [first, ...others];
  for (const { coverage, replayWindowSeconds } of others)
    if (coverage !== first.coverage || replayWindowSeconds !== first.replayWindowSeconds)
      throw new Error('schemes of one provider must cover the same, and check the same window');

  return {
    ...first,
    schemes: all,
    title: [...new Set(all.map(({ title }) => title))].join(', or '),
    headers: headersOf(all),
    ...(all.some(({ signsUrl }) => signsUrl) && { signsUrl: true }),

    read(delivery, context) {
      const own = first.read(delivery, context);
      // Most deliveries are of the first scheme: the others are read only if it has not made the signature.
      if (own.ok) {
        let more: readonly SecretSignature[] | undefined;
        return ok({
          matches(secret: string) {
            if (known(own.value).matches(secret)) return true;
            more ??= readable(others.map((scheme) => scheme.read(delivery, context)));
            return more.some((signature) => signature.matches(secret));
          },
        });
      }
      const read = [own, ...others.map((scheme) => scheme.read(delivery, context))];
      const found = readable(read);
      if (found.length > 0) return ok({ matches: (secret: string) => found.some((one) => one.matches(secret)) });
      // The scheme whose header came says most about what is wrong.
      return read.find((one) => !one.ok && one.reason !== 'missing_signature') ?? own;
    },

    sign(input) {
      const [secret] = input.secrets;
      return (all.find((scheme) => canSign(scheme, secret)) ?? first).sign(input);
    },

    accepts: (secret) => all.some((scheme) => scheme.accepts(secret)),
  };
}

/** The signatures that can be checked, of all that were read. */
const readable = (read: readonly Result<Signature, RejectionReason>[]): SecretSignature[] =>
  read.flatMap((signature) => (signature.ok ? [known(signature.value)] : []));

/** A scheme of a MAC signs with what it verifies with; one of a public key does not. */
const canSign = (scheme: Scheme, secret: string): boolean => scheme.accepts(secret);

function known(signature: Signature): SecretSignature {
  if (isFetched(signature)) throw new Error('a scheme whose keys are fetched stands alone');
  return signature;
}

const isFetched = (signature: Signature): signature is FetchedKeySignature => 'keyFor' in signature;

/** The headers of all, each once; one that not every scheme needs is optional. */
function headersOf(all: readonly Scheme[]): SchemeHeader[] {
  const names = new Set(all.flatMap(({ headers }) => headers.map(({ name }) => name)));
  return [...names].flatMap((name) => {
    const uses = all.flatMap(({ headers }) => headers.filter((header) => header.name === name));
    const [use] = uses;
    if (!use) return [];
    const isNeeded = uses.length === all.length && uses.every(({ optional }) => !optional);
    return [isNeeded ? use : { ...use, optional: true }];
  });
}
