import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Options } from '../../lambdas/core/envelope.ts';
import { isObject } from '../../lambdas/core/json.ts';
import { secretFrom, secretShapeFlaw } from '../../lambdas/core/provider-secret.ts';
import { defaultWindowDays, HANDSHAKE_METHODS, sampleOf, schemeOf } from '../../lambdas/core/provider.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import { identifyAll } from '../../lambdas/core/receive/identify.ts';
import { Received } from '../../lambdas/core/received.ts';
import type { Signature } from '../../lambdas/core/schemes/scheme.ts';
import { schemeFlaw } from './scheme-check.ts';

const isText = (value: unknown): boolean => typeof value === 'string' && value.trim() !== '';
const isFunction = (value: unknown): boolean => typeof value === 'function';
const METHOD = /^(POST|PUT|PATCH|DELETE|GET|HEAD|OPTIONS)$/;

/** The rule for each field. The types say the same to whoever's editor checks them; nothing checks types when a file is loaded. */
const FIELDS: readonly (readonly [name: string, rule: string, isRight: (value: unknown) => boolean])[] = [
  [
    'name',
    'lower-case letters, digits and hyphens, a letter first',
    (value) => typeof value === 'string' && /^[a-z][a-z\d-]{0,31}$/.test(value),
  ],
  ['title', 'the name as the provider writes it', isText],
  [
    'documents',
    'the source of the facts, and their confidence: "confirmed" or "unconfirmed"',
    (value) => isObject(value) && isText(value.source) && /^(un)?confirmed$/.test(String(value.confidence)),
  ],
  [
    'methods',
    'a list of HTTP methods, one at least for events',
    (value) =>
      Array.isArray(value) &&
      value.every((method) => METHOD.test(String(method))) &&
      !value.every((method) => HANDSHAKE_METHODS.includes(String(method))),
  ],
  [
    'scheme',
    'a scheme, such as hmac({ … })',
    (value) => isFunction(value) || (isObject(value) && isFunction(value.read) && isFunction(value.sign)),
  ],
  [
    'secret',
    'an object that says who makes it: { madeBy: "provider" } or { madeBy: "customer" }',
    (value) => isObject(value) && /^(customer|provider)$/.test(String(value.madeBy)),
  ],
  [
    'identity',
    '"body", "signed header", "unsigned header", "signed time" or "none", or a function of the options that returns one of them',
    (value) => isFunction(value) || /^(body|signed header|unsigned header|signed time|none)$/.test(String(value)),
  ],
  [
    'attemptFields',
    'a list of paths, such as ["meta.attempt"], or a function of the options that returns one',
    (value) => value === undefined || isFunction(value) || (Array.isArray(value) && value.every(isText)),
  ],
  ['rejectionStatus', 'an HTTP status from 400 to 599', (value) => isWhole(value, 400, 599)],
  ['retryHorizonSeconds', 'a whole number of seconds, or 0', (value) => isWhole(value, 0, 31_536_000)],
  ['options', 'an object of options, {} if there are none', isObject],
  ['readEvents', 'a function', isFunction],
  ['sample', 'a function', isFunction],
];

const isWhole = (value: unknown, least: number, most: number): boolean =>
  Number.isInteger(value) && Number(value) >= least && Number(value) <= most;

/**
 * The flaw of a provider, as the end of a sentence that starts with its file; undefined if it can be used: all fields are
 * right, and its own sample is signed, verified with its own secret and no other, and is an event.
 */
export function providerFlaw(provider: Provider): string | undefined {
  const fields = provider as unknown as Readonly<Record<string, unknown>>;
  for (const [name, rule, isRight] of FIELDS) if (!isRight(fields[name])) return `has a "${name}" that is not ${rule}`;
  try {
    return trialFlaw(provider);
  } catch (error) {
    return `has a sample that cannot be tried: ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`;
  }
}

/** A whole second, so that a timestamp in seconds says it exactly. */
const TRIAL_TIME = new Date('2026-01-01T00:00:00Z');
const TRIAL_URL = 'https://hooks.example.com/webhooks/trial';

function trialFlaw(provider: Provider): string | undefined {
  const options: Options = Object.fromEntries(
    Object.entries(provider.options).map(([name, spec]) => [name, spec.default]),
  );
  const scheme = schemeOf(provider, options);
  const flaw = schemeFlaw(scheme);
  if (flaw !== undefined) return flaw;
  const { stored, signing } = secretFrom(provider, options, 'a secret for the trial');
  const shape = secretShapeFlaw(provider, options, stored);
  if (shape !== undefined) return `makes up a secret that ${shape}`;
  const sample = sampleOf(provider, { id: 'trial', now: TRIAL_TIME, options });
  const input = { url: TRIAL_URL, body: sample.body, now: TRIAL_TIME, headers: sample.headers, options };
  const signed = scheme.sign({ ...input, secrets: [signing] });
  // As API Gateway hands them over.
  const headers = Object.entries({ ...sample.headers, ...signed.headers }).map(
    ([name, text]) => [name.toLowerCase(), [text]] as const,
  );
  const body = signed.body ?? sample.body;
  const delivery = { method: provider.methods[0], url: signed.url ?? TRIAL_URL, headers: new Map(headers), body };
  const read = scheme.read(delivery, { now: TRIAL_TIME, options });
  if (!read.ok) return `has a sample that its own scheme signs and then refuses: ${read.reason}`;
  if (!isMadeBy(read.value, stored, signing))
    return 'has a sample that its own scheme signs and then refuses: signature_mismatch';
  const other = secretFrom(provider, options, 'another secret');
  if (isMadeBy(read.value, other.stored, other.signing)) return 'has a scheme that takes any secret for the right one';
  const context = { now: TRIAL_TIME, options };
  const { handshakes } = provider;
  // Nothing would become of the provider's events.
  if (handshakes?.echo?.(delivery, context) !== undefined) return `has a handshake, echo, ${ANSWERS_EVENTS}`;
  if (handshakes?.signed?.(new Received(delivery, context), stored) !== undefined)
    return `has a handshake, signed, ${ANSWERS_EVENTS}`;
  const windowSeconds = defaultWindowDays(provider) * 86_400;
  const source = { name: 'trial', provider, options, windowSeconds, maxBodyBytes: body.length };
  const verdict = { ok: true, secret: { label: 'current', versionId: 'trial' } } as const;
  const events = identifyAll({ delivery, verdict, receivedAt: TRIAL_TIME }, source);
  if (events.length === 0) return 'has a sample that carries no event';
  const held = events.find(({ quarantine }) => quarantine !== undefined);
  return held && `has a sample that would be quarantined: ${held.quarantine ?? ''}`;
}

const ANSWERS_EVENTS = 'that answers its own sample: it must return undefined for an event';

/** Whether the secret made the signature; a key that would be fetched is the public half of what the scheme signs with. */
function isMadeBy(signature: Signature, stored: string, signing: string): boolean {
  if (!('keyFor' in signature)) return signature.matches(stored);
  return signature.matches(stored, createPublicKey(createPrivateKey(signing)));
}
