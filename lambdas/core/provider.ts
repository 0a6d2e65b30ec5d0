import type { Answer, Delivery } from './delivery.ts';
import type { HandshakeToken } from './handshake-token.ts';
import type { Envelope, Options, ReadContext } from './envelope.ts';
import type { MissedEvents } from './missed-events.ts';
import type { ContentKind } from './content.ts';
import type { ProviderApi } from './provider-api.ts';
import type { Received } from './received.ts';
import type { Registration } from './registration.ts';
import type { Scheme } from './schemes/scheme.ts';
import type { SecretRotation } from './secret-rotation.ts';
import type { SecretSpec } from './secret-spec.ts';
import type { SubscriptionNote } from './subscription-note.ts';
import type { RejectionReason } from './verdict.ts';

/** Describes one option of a provider, so that the configuration can be checked without the provider's help. */
export type OptionSpec = { readonly description: string } & (
  | { readonly type: 'string'; readonly default?: string; readonly pattern?: RegExp }
  | { readonly type: 'choice'; readonly choices: readonly string[]; readonly default?: string }
  | { readonly type: 'url'; readonly default?: string }
  | { readonly type: 'integer'; readonly default?: number; readonly min: number; readonly max: number }
  | { readonly type: 'boolean'; readonly default: boolean }
);

/** The input of a sample event. The source's options say for which environment, if the envelope names one. */
export interface SampleInput {
  readonly id: string;
  readonly now: Date;
  readonly type?: string | undefined;
  readonly options?: Options;
}

/**
 * How a provider makes sure of the endpoint. Each returns undefined for a request that is not its handshake. The text that is sent
 * back must be bounded in length and alphabet: anybody can ask. If `echo` or `challenge` throws, the request is not a handshake.
 */
export interface Handshakes {
  /** The tokens that `challenge` or `signed` signs with the secret: a delivery whose body could be such a token is refused. */
  readonly token?: HandshakeToken;
  /** Before verification, and without a secret: sends back what came. */
  echo?(delivery: Delivery, context: ReadContext): Answer | undefined;
  /**
   * For a request by GET or HEAD, which nobody signs: proves with the secret that the endpoint is the right one, or checks a
   * token that the request carries. It is asked with each accepted version until one answers.
   */
  challenge?(delivery: Delivery, secret: string, context: ReadContext): Answer | undefined;
  /** The status of a challenge that no secret answers; default: the rejection status. */
  readonly refusalStatus?: number;
  /** After verification: answers what is signed like an event and is none. */
  signed?(received: Received, secret: string): Answer | undefined;
}

/** The parts of a sample delivery: its body alone, or with the headers that name the event. */
export type Sample = string | { readonly body: string | Buffer; readonly headers: Readonly<Record<string, string>> };

export type Method = 'POST' | 'PUT' | 'PATCH' | 'DELETE' | 'GET' | 'HEAD' | 'OPTIONS';

/** Methods by which handshakes come, and never an event. */
export const HANDSHAKE_METHODS: readonly string[] = ['GET', 'HEAD', 'OPTIONS'] satisfies Method[];

/** Where the facts about a provider are from, and how sure they are. */
export interface Documents {
  /** URL or title of the vendor's page, or its SDK with the version that was read. */
  readonly source: string;
  /** `unconfirmed` if the signed bytes rest on what others than the vendor say. */
  readonly confidence: 'confirmed' | 'unconfirmed';
}

/**
 * The origin of an event's identity: an id in the body, a signed header, a header that is not signed and is therefore bound to the
 * body; the body and the time that is signed with it; or nothing: then two equal bodies are one event.
 */
export type IdentityKind = 'body' | 'signed header' | 'unsigned header' | 'signed time' | 'none';

export const FIELDS = ['health', 'identity', 'payments'] as const;
export type Field = (typeof FIELDS)[number];

/** A kind of sender: one file that reads like the vendor's page, and knows its scheme, its envelope and its promises. */
export interface Provider {
  /** Lower-case name, as in the configuration. */
  readonly name: string;
  /** The name as the provider writes it. */
  readonly title: string;
  /** The field that it is of, to find it by; absent for software of every kind. */
  readonly field?: Field;
  readonly documents: Documents;
  /** HTTP methods that its route answers; anything else is 405. GET, HEAD and OPTIONS carry handshakes alone. */
  readonly methods: readonly [Method, ...Method[]];
  /** How its deliveries are signed; a function if the source's options say. */
  readonly scheme: Scheme | ((options: Options) => Scheme);
  /** The status that the provider expects as the answer to a delivery that is not authentic. */
  readonly rejectionStatus: number;
  /** True if its answers must have no body, whatever they say: the status is all that it reads. */
  readonly emptyAnswers?: boolean;
  /** Other statuses for some reasons. */
  readonly rejectionStatuses?: Readonly<Partial<Record<RejectionReason, number>>>;
  /** Seconds for which the provider goes on retrying; 0 if it publishes none. */
  readonly retryHorizonSeconds: number;
  /** Milliseconds in which the provider wants its answer; absent if it publishes none. */
  readonly acknowledgeWithinMs?: number;
  /** True if the provider stops delivering after failures: every failed delivery is then urgent. */
  readonly cutsOffAfterFailures?: boolean;
  /** Values of the envelope's environment, if the provider has one; a source then states which one it expects. */
  readonly environments?: readonly [string, ...string[]];
  readonly secret: SecretSpec;
  /** A function if the source's options say. */
  readonly identity: IdentityKind | ((options: Options) => IdentityKind);
  /** The kinds of its bodies; a body that is none of these waits in quarantine. Default: one JSON object. */
  readonly content?: readonly [ContentKind, ...ContentKind[]];
  /** True if one delivery can carry several events. */
  readonly batches?: boolean;
  /**
   * The fields of an event's JSON that say which attempt this is, each a path such as `meta.attempt`: the provider changes them
   * when it sends an event again. The rest of the text tells whether another body has come under a known key. A function if the
   * source's options say.
   */
  readonly attemptFields?: readonly string[] | ((options: Options) => readonly string[]);
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Reads what a delivery carries, once it has been verified: one event, or a list of them, which may be empty. */
  readEvents(received: Received): Envelope | readonly Envelope[];
  readonly handshakes?: Handshakes;
  /** Reads what a verified delivery says of the Subscription that it is sent for, if the provider's deliveries say so. */
  noteOf?(received: Received): SubscriptionNote | undefined;
  /** Seconds within which something comes even if nothing happens; undefined if the provider sends no sign of life. */
  signOfLifeSeconds?(options: Options): number | undefined;
  /** The answer to a delivery that is safe; default: 200 and what became of it, as JSON. */
  acknowledge?(received: Received, secret: string): Answer;
  /** A sample event of this provider, unique to `id`, for tests, `npm run send` and `npm run demo`. */
  sample(input: SampleInput): Sample;
  /** The provider's API, if the gateway calls one. */
  readonly api?: ProviderApi;
  /** How to fetch what the provider failed to deliver; only beside {@link api}. */
  readonly missedEvents?: MissedEvents;
  /** How the source's URL is registered by the provider's API, when an operator asks for it. */
  readonly registration?: Registration;
  /** How the provider is told a new signing secret, if no person is needed for it; only beside {@link api}. */
  readonly rotation?: SecretRotation;
}

/** The bytes and headers of a sample, the headers by lower-case name. */
export function sampleOf(
  provider: Pick<Provider, 'sample'>,
  input: SampleInput,
): { readonly body: Buffer; readonly headers: Readonly<Record<string, string>> } {
  const sample = provider.sample(input);
  if (typeof sample === 'string') return { body: Buffer.from(sample), headers: {} };
  const headers = Object.entries(sample.headers).map(([name, value]) => [name.toLowerCase(), value] as const);
  return { body: Buffer.from(sample.body), headers: Object.fromEntries(headers) };
}

const defined = new WeakSet();

/** Gives a provider its type, and keeps what is particular to it. */
export function defineProvider<const Own extends Provider>(provider: Own): Own {
  defined.add(provider);
  return provider;
}

/** Whether {@link defineProvider} has made a value: a provider of a customer's own comes from a file that nobody type-checks. */
export const isDefined = (value: unknown): value is Provider =>
  typeof value === 'object' && value !== null && defined.has(value);

/**
 * Days for which the ledger remembers an event, unless the source says otherwise. Without a signed timestamp a captured
 * delivery stays authentic for ever, and the ledger is the only guard.
 */
export const defaultWindowDays = ({ scheme }: Pick<Provider, 'scheme'>): number =>
  typeof scheme === 'function' || scheme.replayWindowSeconds === undefined ? 365 : 14;

/** Milliseconds from which on an answer is slow: half of the provider's deadline, or a second if it publishes none. */
export const slowAnswerMs = ({ acknowledgeWithinMs }: Pick<Provider, 'acknowledgeWithinMs'>): number =>
  acknowledgeWithinMs === undefined ? 1_000 : acknowledgeWithinMs / 2;

/** Whether a source of this provider may have to state its public URL. */
export const maySignUrl = ({ scheme }: Pick<Provider, 'scheme'>): boolean =>
  typeof scheme === 'function' || scheme.signsUrl === true;

/** The scheme of a source of this provider. */
export const schemeOf = ({ scheme }: Pick<Provider, 'scheme'>, options: Options): Scheme =>
  typeof scheme === 'function' ? scheme(options) : scheme;

/** The origin of the identity of a source's events. */
export const identityOf = ({ identity }: Pick<Provider, 'identity'>, options: Options): IdentityKind =>
  typeof identity === 'function' ? identity(options) : identity;

/** The fields of a source's events that say which attempt this is. */
export const attemptFieldsOf = ({ attemptFields = [] }: Pick<Provider, 'attemptFields'>, options: Options) =>
  typeof attemptFields === 'function' ? attemptFields(options) : attemptFields;

/** Whether a source binds bodies to their ids: an id is not signed, and the body is. */
export const bindsBodies = (provider: Pick<Provider, 'identity' | 'scheme'>, options: Options): boolean =>
  identityOf(provider, options) === 'unsigned header' && schemeOf(provider, options).coverage !== 'caller';
