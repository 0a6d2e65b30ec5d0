import type { Provider } from './provider.ts';
import type { Options } from './envelope.ts';

/** A configured instance of a provider. */
export interface Source {
  /** Lower-case name, as in the configuration: `osigu`, `osigu-sandbox`. */
  readonly name: string;
  readonly provider: Provider;
  readonly options: Options;
  /** Seconds for which the ledger remembers an event. */
  readonly windowSeconds: number;
  /** Bytes of the largest accepted body. */
  readonly maxBodyBytes: number;
}
