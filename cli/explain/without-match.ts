import type { Delivery } from '../../lambdas/core/delivery.ts';
import type { Cause } from './causes.ts';
import type { Finding, Question } from './explain-types.ts';
import { statedTimes } from './time.ts';
import { tokenParameter } from './url-token.ts';

const DAY_MS = 86_400_000;

/** The finding if nothing that was tried matches: what the delivery's own form says, and nothing with false confidence. */
export function withoutMatch(question: Question, isSpent: boolean): Finding {
  const { delivery, scheme, options, now, source, secrets } = question;
  const own = secrets.filter((secret) => secret.source === source && secret.accepted);
  if (own.length > 0 && own.every(({ value }) => !scheme.accepts(value)))
    return proved('secret_unusable', `${source} has no secret that ${scheme.title} can use`);
  const missing = scheme.headers.filter(({ name, optional = false }) => !optional && !delivery.headers.has(name));
  if (missing.length > 0)
    return ofMissing(
      question,
      missing.map(({ name }) => name),
    );

  const parameter = tokenParameter(scheme);
  if (parameter !== undefined && URL.parse(delivery.url)?.searchParams.has(parameter) !== true)
    return proved('header_missing', `the parameter ${parameter} of the URL did not come`);

  const read = scheme.read(delivery, { now, options });
  const names = scheme.headers.map(({ name }) => name);
  if (!read.ok && read.reason === 'missing_signature' && names.length === 0)
    return likely('signature_malformed', 'the body is not of the form in which this provider writes its signature');
  // Of a provider that signs in one of several headers, none came.
  const isInHeaders = names.length > 0;
  if (
    !read.ok &&
    read.reason === 'missing_signature' &&
    isInHeaders &&
    !names.some((name) => delivery.headers.has(name))
  )
    return ofMissing(question, names);
  const isRightAtSomeTime =
    !read.ok && statedTimes(question).some((time) => scheme.read(delivery, { now: time, options }).ok);
  const cut = cutHeader(question);
  if (cut !== undefined) return proved('signature_cut', `${cut} is the beginning of the right value`);
  if (!read.ok && !isRightAtSomeTime) {
    if (read.reason.includes('timestamp')) return ofTimestamp(question);
    if (read.reason === 'signature_mismatch' && scheme.title.startsWith('JWT'))
      return likely('token_claims', 'the claims are not those that are expected');
    return likely('signature_malformed', `it is refused as ${read.reason}`);
  }
  if (read.ok && 'keyFor' in read.value) return likely('key_not_at_hand', `by ${scheme.title}`);
  const detail = isSpent
    ? 'nothing that was tried within the bounds makes this signature'
    : 'no secret that is at hand makes this signature, of these bytes or of any that they may have been made of';
  return likely('forged_or_unknown_secret', detail);
}

const proved = (cause: Cause, detail: string): Finding => ({ cause, confidence: 'proved', detail });
const likely = (cause: Cause, detail: string): Finding => ({ cause, confidence: 'likely', detail });

function ofMissing({ delivery, scheme, others }: Question, missing: readonly string[]): Finding {
  const came = (name: string): boolean => name !== 'authorization' && delivery.headers.has(name);
  // A delivery with some of its provider's headers is from this provider, and has lost the others.
  if (scheme.headers.some(({ name }) => came(name)))
    return proved('header_missing', `${missing.join(' and ')} did not come`);
  const other = others.find(
    ({ scheme: { headers } }) =>
      headers.every(({ name, optional = false }) => optional || came(name)) && headers.some(({ name }) => came(name)),
  );
  if (other) return likely('other_provider', `it has the headers of ${other.title}`);
  return proved('header_missing', `${missing.join(' and ')} did not come`);
}

function ofTimestamp(question: Question): Finding {
  const near = statedTimes(question).some((time) => Math.abs(time.getTime() - question.now.getTime()) < DAY_MS);
  return likely(near ? 'timestamp_unit' : 'signature_malformed', 'the timestamp cannot be read as documented');
}

/** The fewest characters that a cut header must have left. */
const LEAST = 8;

/** The name of a signature header whose value is the beginning of what an accepted secret makes. */
function cutHeader({ delivery, scheme, options, secrets, source, ...question }: Question): string | undefined {
  const signatures = scheme.headers
    .filter(({ carries }) => carries === 'signature' || carries === 'token')
    .map(({ name }) => name);
  const times = [question.now, ...statedTimes({ scheme, delivery })];
  const values = secrets.filter((secret) => secret.source === source && secret.accepted).map(({ value }) => value);
  for (const secret of values) {
    for (const now of times) {
      const expected = signed({ delivery, scheme, options, secret, now });
      for (const name of signatures) {
        const [value = ''] = delivery.headers.get(name) ?? [];
        const whole = expected?.[name] ?? '';
        if (value.length >= LEAST && value.length < whole.length && whole.startsWith(value)) return name;
      }
    }
  }
  return undefined;
}

function signed({
  delivery,
  scheme,
  options,
  secret,
  now,
}: Pick<Question, 'scheme' | 'options' | 'now'> & { readonly delivery: Delivery; readonly secret: string }) {
  const headers = Object.fromEntries([...delivery.headers].map(([name, values]) => [name, values.join(',')]));
  const url = typeof options.publicUrl === 'string' ? options.publicUrl : (delivery.url.split('?')[0] ?? '');
  try {
    return scheme.sign({ url, body: delivery.body, secrets: [secret], now, method: delivery.method, headers, options })
      .headers;
  } catch {
    // A public key signs nothing.
    return undefined;
  }
}
