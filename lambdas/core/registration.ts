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

/** Why a call had no effect: the answer's status, or what is wrong with its content. */
export type RegistrationFault = `http_${number}` | 'not_json' | 'not_a_list';

/** How a source's URL is registered with a provider by its API. A call throws an HttpFault or a TokenFault if no answer came. */
export interface Registration {
  /** Options without which the registration cannot be done. */
  readonly settings: readonly [string, ...string[]];
  /** The events that a registration asks for if nobody states any. */
  readonly defaultEvents: readonly string[];
  /** True if there is only ever one registration: a registration with another URL is then in the way. */
  readonly single?: boolean;
  list(api: ApiCall): Promise<Result<readonly Registered[], RegistrationFault>>;
  /** Makes a registration. It is called once, because a second call would make a second one. */
  create(wanted: Wanted, api: ApiCall): Promise<Result<Created, RegistrationFault>>;
  /** Changes a registration to what is wanted, and switches it on. Absent: the provider has no such call. */
  update?(id: string, wanted: Wanted, api: ApiCall): Promise<Result<undefined, RegistrationFault>>;
}
