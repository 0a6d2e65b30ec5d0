import type { Options } from './envelope.ts';
import type { ApiCall } from './missed-events.ts';
import type { Result } from './result.ts';

/** A registration of a URL, as the provider has it. */
export interface Registered {
  readonly id: string;
  readonly url: string;
  /** The event types or patterns that it delivers. */
  readonly events: readonly string[];
  /** False if the provider does not deliver to it: it was switched off, or the provider gave it up. */
  readonly enabled: boolean;
  /** When it ends unless it is renewed; absent if it does not end by itself. */
  readonly expiresAt?: Date | undefined;
  /** True if a person has ended it, so that only a person can begin it again. */
  readonly isRevoked?: boolean;
}

/** The registration that a source should have. */
export interface Wanted {
  readonly url: string;
  readonly events: readonly string[];
  /** The signing secret, for a provider that is given it. */
  readonly secret: string;
}

/** A registration that was just made, with the secret if the provider has made it and tells it once. */
export interface Created extends Registered {
  readonly secret?: string | undefined;
}

/**
 * Why a call had no effect that is known: the answer's status, what is wrong with its content, a list that was not read to its end,
 * a secret that has not the part that is given, or that the provider refused it in an answer of its own.
 */
export type RegistrationFault =
  | `http_${number}`
  | 'not_json'
  | 'not_a_list'
  | 'no_id'
  | 'other_url'
  | 'foreign_link'
  | 'repeated_page'
  | 'list_too_long'
  | 'no_secret'
  | 'refused';

/** How a source's URL is registered with a provider by its API. A call throws an HttpFault or a TokenFault if no answer came. */
export interface Registration {
  /** Options without which the registration cannot be done. */
  readonly settings: readonly [string, ...string[]];
  /** The events that a registration asks for if nobody states any. */
  readonly defaultEvents: readonly string[];
  /** True if there is only ever one registration: a registration with another URL is then in the way. */
  readonly single?: boolean;
  /** True if a registration is of one event type: a URL then has as many registrations as types. */
  readonly perEvent?: boolean;
  /**
   * Whether a registration is given the source's secret. Default: one that the customer has made is given, and one that the provider
   * makes is told by `create`. True: it is given although the provider has made it, or a part of it. False: neither, because the
   * provider signs with what it has anyway.
   */
  readonly takesSecret?: boolean;
  /** How the poller keeps registrations alive; absent if it cannot, or need not. */
  readonly upkeep?: Upkeep;
  /** Lists all registrations, to the end of the list. */
  list(api: ApiCall): Promise<Result<readonly Registered[], RegistrationFault>>;
  /** Makes a registration. It is called once, because a second call would make a second one. */
  create(wanted: Wanted, api: ApiCall): Promise<Result<Created, RegistrationFault>>;
  /** Changes a registration to what is wanted, and switches it on. Absent: the provider has no such call. */
  update?(id: string, wanted: Wanted, api: ApiCall): Promise<Result<undefined, RegistrationFault>>;
}

/** How a new registration and the secret go together: it is given the secret, tells the provider's own, or neither. */
export function secretWay({
  secret,
  registration,
}: {
  readonly secret: { readonly madeBy: 'customer' | 'provider' };
  readonly registration?: Pick<Registration, 'takesSecret'>;
}): 'given' | 'told' | 'neither' {
  const { takesSecret } = registration ?? {};
  if (takesSecret !== undefined) return takesSecret ? 'given' : 'neither';
  return secret.madeBy === 'customer' ? 'given' : 'told';
}

/** How registrations are kept alive that a provider lets end, switches off or deletes. */
export interface Upkeep {
  /** Seconds before its end at which a registration is renewed; absent if none ends by itself. */
  renewBeforeSeconds?(options: Options): number;
  /** Renews a registration. Returns its new end. Calling again does no harm. */
  renew?(registered: Registered, api: ApiCall): Promise<Result<Date | undefined, RegistrationFault>>;
  /** Switches a registration on again. Absent: it is deleted and made again if {@link remove} is there, else a person has to do it. */
  enable?(registered: Registered, api: ApiCall): Promise<Result<undefined, RegistrationFault>>;
  /** True if the provider deletes registrations by itself: a missing one is then made again. False: a person has deleted it. */
  readonly recreates: boolean;
  /** Deletes a registration, so that it can be made again: one that cannot be switched on, or whose secret was lost. */
  remove?(id: string, api: ApiCall): Promise<Result<undefined, RegistrationFault>>;
}
