import type { Answer, Delivery } from './delivery.ts';
import type { Envelope, Options, ReadContext } from './envelope.ts';
import type { JsonObject } from './json.ts';
import type { MissedEvents } from './missed-events.ts';
import type { Result } from './result.ts';
import type { SecretRotation } from './secret-rotation.ts';
import type { RejectionReason } from './verdict.ts';

/** Describes one option of a provider, so that the configuration can be checked without the provider's help. */
export type OptionSpec = { readonly description: string } & (
  | { readonly type: 'string'; readonly default?: string; readonly pattern?: RegExp }
  | { readonly type: 'choice'; readonly choices: readonly string[]; readonly default?: string }
  | { readonly type: 'url'; readonly default?: string }
  | { readonly type: 'integer'; readonly default?: number; readonly min: number; readonly max: number }
  | { readonly type: 'boolean'; readonly default: boolean }
);

/**
 * What a delivery claims about its authenticity, read from headers and body alone: no secret is needed to read it, so a
 * request that cannot be authentic costs no AWS call.
 */
export interface Claim {
  /** The MACs received, decoded, each of the scheme's MAC length; at least 1, at most {@link MAX_CANDIDATES}. */
  readonly candidates: readonly Buffer[];
  /** The MAC that the provider would have made with this secret. */
  mac(secret: string): Buffer;
}

/** What to sign, for tests, the local sender and operations. */
export interface SignInput {
  readonly url: string;
  readonly body: Buffer;
  /** More than one where the provider signs with several live secrets; providers that cannot sign with the first. */
  readonly secrets: readonly [string, ...string[]];
  readonly now: Date;
}

/** What to make a sample event of. The source's options say, where the envelope names one, for which environment. */
export interface SampleInput {
  readonly id: string;
  readonly now: Date;
  readonly type?: string | undefined;
  readonly options?: Options;
}

/** What calling a provider's API takes. */
export interface ProviderApi {
  /**
   * What the source's credentials secret holds: `client` is JSON, `{"clientId", "clientSecret"}`, for a token by OAuth 2.0
   * client credentials at the option `tokenUrl`; `token` is a bearer token as it is.
   */
  readonly credentials: 'client' | 'token';
  /** Options without which the API is not called: a source that states one of them must state all. */
  readonly settings: readonly [string, ...string[]];
}

/** A kind of sender: one file that knows its signature scheme, its envelope and its promises. */
export interface Provider {
  /** Lower-case name, as in the configuration. */
  readonly name: string;
  /** The name as the provider writes it. */
  readonly title: string;
  /** HTTP methods that its route answers; anything else is 405. */
  readonly methods: readonly ('POST' | 'OPTIONS')[];
  /** Lower-case names of the headers that carry the signature and, second, its timestamp: the evidence kept with an event. */
  readonly signatureHeaders: readonly [string, ...string[]];
  /** The status that the provider expects as the answer to a delivery that is not authentic. */
  readonly rejectionStatus: 400 | 401;
  /** Seconds for which the provider goes on retrying; 0 where it publishes none. */
  readonly retryHorizonSeconds: number;
  /** Milliseconds in which the provider wants its answer; absent where it publishes none. */
  readonly acknowledgeWithinMs?: number;
  /** True where the provider stops delivering after failures: every failed delivery is then urgent. */
  readonly cutsOffAfterFailures?: boolean;
  /** Seconds by which a signed timestamp may be off, either way; absent where the provider signs no timestamp. */
  readonly replayWindowSeconds?: number;
  /** Days for which the ledger remembers an event, unless the source says otherwise. */
  readonly defaultWindowDays: number;
  /** Values of the envelope's environment, where the provider has one; a source then states which one it expects. */
  readonly environments?: readonly [string, ...string[]];
  /** True where the URL is among the signed bytes, so that a source may have to state its public URL. */
  readonly signsUrl?: boolean;
  /** Who makes the signing secret: a customer's can be generated at deployment, a provider's is handed over. */
  readonly secretMadeBy: 'customer' | 'provider';
  readonly options: Readonly<Record<string, OptionSpec>>;
  /** Reads what the delivery claims, strictly; never throws. */
  readClaim(delivery: Delivery, context: ReadContext): Result<Claim, RejectionReason>;
  /** The headers that the provider would send with this body. */
  sign(input: SignInput): Record<string, string>;
  /** Reads the event's identity from a body that has been verified and parsed. */
  readEnvelope(json: JsonObject, body: Buffer, context: ReadContext): Envelope;
  /** Answers the provider's handshake, where the delivery is one; undefined for every other delivery. */
  handshake?(delivery: Delivery, context: ReadContext): Answer | undefined;
  /** A sample event of this provider, unique to `id`, for tests, `npm run send` and `npm run demo`. */
  sample(input: SampleInput): string;
  /** The provider's API, where the gateway calls one. */
  readonly api?: ProviderApi;
  /** How to get what the provider failed to deliver; only beside {@link api}. */
  readonly missedEvents?: MissedEvents;
  /** How the provider is told a new signing secret, where no person is needed for it; only beside {@link api}. */
  readonly rotation?: SecretRotation;
}

/** Bytes of the longest accepted signature or timestamp header. */
export const MAX_HEADER_BYTES = 4096;
/** The most signatures that one delivery may carry. */
export const MAX_CANDIDATES = 10;
