import type { Answer, Delivery } from './delivery.ts';
import type { Envelope, Options, ReadContext } from './envelope.ts';
import type { MissedEvents } from './missed-events.ts';
import type { Received } from './received.ts';
import type { Scheme } from './schemes/scheme.ts';
import type { SecretRotation } from './secret-rotation.ts';

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

/** The credentials and options that a call of a provider's API needs. */
export interface ProviderApi {
  /**
   * What the source's credentials secret holds: `client` is JSON, `{"clientId", "clientSecret"}`, for a token by OAuth 2.0
   * client credentials at the option `tokenUrl`; `token` is a bearer token as it is.
   */
  readonly credentials: 'client' | 'token';
  /** Options without which the API is not called: a source that states one of them must state all. */
  readonly settings: readonly [string, ...string[]];
}

/** The kind of secret that a source has. */
export interface SecretSpec {
  /** Who makes it: a customer's can be generated at deployment, a provider's is handed over. */
  readonly madeBy: 'customer' | 'provider';
}

/** A kind of sender: one file that reads like the vendor's page, and knows its scheme, its envelope and its promises. */
export interface Provider {
  /** Lower-case name, as in the configuration. */
  readonly name: string;
  /** The name as the provider writes it. */
  readonly title: string;
  /** HTTP methods that its route answers; anything else is 405. */
  readonly methods: readonly ('POST' | 'OPTIONS')[];
  /** How its deliveries are signed; a function if the source's options say. */
  readonly scheme: Scheme | ((options: Options) => Scheme);
  /** The status that the provider expects as the answer to a delivery that is not authentic. */
  readonly rejectionStatus: number;
  /** Seconds for which the provider goes on retrying; 0 if it publishes none. */
  readonly retryHorizonSeconds: number;
  /** Milliseconds in which the provider wants its answer; absent if it publishes none. */
  readonly acknowledgeWithinMs?: number;
  /** True if the provider stops delivering after failures: every failed delivery is then urgent. */
  readonly cutsOffAfterFailures?: boolean;
  /** Values of the envelope's environment, if the provider has one; a source then states which one it expects. */
  readonly environments?: readonly [string, ...string[]];
  readonly secret: SecretSpec;
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Reads what a delivery carries, once it has been verified. */
  readEvents(received: Received): Envelope;
  /** Answers the provider's handshake, if the delivery is one; undefined for every other delivery. */
  handshake?(delivery: Delivery, context: ReadContext): Answer | undefined;
  /** A sample event of this provider, unique to `id`, for tests, `npm run send` and `npm run demo`. */
  sample(input: SampleInput): string;
  /** The provider's API, if the gateway calls one. */
  readonly api?: ProviderApi;
  /** How to fetch what the provider failed to deliver; only beside {@link api}. */
  readonly missedEvents?: MissedEvents;
  /** How the provider is told a new signing secret, if no person is needed for it; only beside {@link api}. */
  readonly rotation?: SecretRotation;
}

/** Gives a provider its type, and keeps what is particular to it. */
export const defineProvider = <const Own extends Provider>(provider: Own): Own => provider;

/**
 * Days for which the ledger remembers an event, unless the source says otherwise. Without a signed timestamp a captured
 * delivery stays authentic for ever, and the ledger is the only guard.
 */
export const defaultWindowDays = ({ scheme }: Pick<Provider, 'scheme'>): number =>
  typeof scheme === 'function' || scheme.replayWindowSeconds === undefined ? 365 : 14;

/** Whether a source of this provider may have to state its public URL. */
export const maySignUrl = ({ scheme }: Pick<Provider, 'scheme'>): boolean =>
  typeof scheme === 'function' || scheme.signsUrl === true;

/** The scheme of a source of this provider. */
export const schemeOf = ({ scheme }: Pick<Provider, 'scheme'>, options: Options): Scheme =>
  typeof scheme === 'function' ? scheme(options) : scheme;
