import { defaultWindowDays, identityOf, schemeOf } from '../../lambdas/core/provider.ts';
import type { Field, IdentityKind, Provider } from '../../lambdas/core/provider.ts';
import type { Options } from '../../lambdas/core/envelope.ts';
import type { Coverage, Scheme } from '../../lambdas/core/schemes/scheme.ts';

/** The facts of the catalogue about a provider. */
export interface Entry {
  readonly name: string;
  readonly title: string;
  /** health, identity or payments; null for software of every kind. */
  readonly field: Field | null;
  /** How deliveries are signed: `HMAC-SHA-256, hex`. */
  readonly scheme: string;
  /** The coverage of its signature. */
  readonly coverage: Coverage;
  readonly windows: {
    /** Seconds by which the signed timestamp may be off; null if none is checked. */
    readonly replaySeconds: number | null;
    /** Days for which the ledger remembers an event, unless the source says otherwise. */
    readonly ledgerDays: number;
    /** Seconds for which the provider retries; 0 if it publishes none. */
    readonly retrySeconds: number;
  };
  readonly identity: IdentityKind;
  /** Whether the gateway can ask for what the provider failed to deliver. */
  readonly missedEvents: boolean;
  /** Whether `npm run ops -- register` can register a source's URL. */
  readonly registration: boolean;
  /** Whether it stops delivering after failures, for which alarms of its sources are critical. */
  readonly stops: boolean;
  readonly confidence: 'confirmed' | 'unconfirmed';
  /** Where the facts are from. */
  readonly source: string;
  /** The file of a provider of the customer's own, as the configuration names it; absent for one of the catalogue. */
  readonly file?: string;
}

/** The options of a provider as the configuration's defaults make them. */
export const defaultOptions = ({ options }: Provider): Options =>
  Object.fromEntries(Object.entries(options).map(([name, spec]) => [name, spec.default]));

export const defaultScheme = (provider: Provider): Scheme => schemeOf(provider, defaultOptions(provider));

export function entryOf(provider: Provider): Entry {
  const { name, title, field = null, documents, missedEvents, retryHorizonSeconds } = provider;
  const scheme = defaultScheme(provider);
  return {
    ...{ name, title, field, scheme: scheme.title, coverage: scheme.coverage },
    windows: {
      replaySeconds: scheme.replayWindowSeconds ?? null,
      ledgerDays: defaultWindowDays(provider),
      retrySeconds: retryHorizonSeconds,
    },
    ...{ identity: identityOf(provider, defaultOptions(provider)), missedEvents: missedEvents !== undefined },
    ...{ registration: provider.registration !== undefined, stops: provider.cutsOffAfterFailures === true },
    ...{ confidence: documents.confidence, source: documents.source },
  };
}

/** The catalogue and the customer's own providers, by name. `own` has the latter by the text that names their file. */
export const catalogue = (
  providers: Iterable<Provider>,
  own: Iterable<readonly [file: string, own: { readonly provider: Provider }]> = [],
): Entry[] =>
  [...[...providers].map(entryOf), ...[...own].map(([file, { provider }]) => ({ ...entryOf(provider), file }))].sort(
    (a, b) => a.name.localeCompare(b.name),
  );

/** The filters for a list of providers, by the name of the option. */
export const FILTERS: Readonly<
  Record<string, { readonly description: string; readonly keeps: (entry: Entry) => boolean }>
> = {
  health: { description: 'of health care', keeps: ({ field }) => field === 'health' },
  identity: { description: 'of identity checks', keeps: ({ field }) => field === 'identity' },
  payments: { description: 'of payments', keeps: ({ field }) => field === 'payments' },
  missed: { description: 'whose missed events are recovered', keeps: ({ missedEvents }) => missedEvents },
  registration: {
    description: 'that `npm run ops -- register` registers with',
    keeps: ({ registration }) => registration,
  },
  stops: { description: 'that stop delivering after failures', keeps: ({ stops }) => stops },
  unconfirmed: {
    description: 'whose facts are not confirmed',
    keeps: ({ confidence }) => confidence === 'unconfirmed',
  },
};

/** The entries that every given filter keeps. */
export const narrowed = (entries: readonly Entry[], given: Readonly<Record<string, unknown>>): Entry[] =>
  entries.filter((entry) => Object.entries(FILTERS).every(([name, { keeps }]) => given[name] !== true || keeps(entry)));
