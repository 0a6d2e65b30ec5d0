import type { ApiCall } from '../../missed-event.ts';
import type { Registration, Upkeep } from '../../registration.ts';
import type { Known, SecretLabels } from './memory.ts';

/** The gateway's side of the registrations. */
export interface UpkeepPorts {
  /** The source's URLs, each exactly as the provider may have it; the first is the one that is registered. */
  readonly urls: readonly [string, ...string[]];
  /** The signing secret that the provider is given; undefined if it has no value yet. */
  readonly secret: () => Promise<string | undefined>;
  /** The versions of the signing secret that the provider has made. */
  readonly labels: () => Promise<SecretLabels>;
  /** Stores a secret that the provider has made, so that what is signed with it is accepted. */
  readonly stage: (secret: string) => Promise<void>;
}

/** The upkeep within a poll. */
export interface UpkeepRun extends UpkeepPorts {
  readonly registration: Registration;
  readonly upkeep: Upkeep;
  readonly api: ApiCall;
  /** True if the provider makes the secret, and tells it once. */
  readonly isSecretTold: boolean;
  /** The text that was saved last; undefined before the first time. */
  readonly memory: string | undefined;
  save(memory: string): Promise<void>;
  fault(reason: string): void;
}

/** The upkeep, once it is known what is registered. */
export interface Upkeeping extends UpkeepRun {
  /** All registrations that are remembered. */
  readonly all: readonly Known[];
  /** Ids of the registrations that the provider lists for the source's URL. */
  readonly ids: readonly string[];
}
