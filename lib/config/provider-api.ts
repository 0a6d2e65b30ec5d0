import type { Provider } from '../../lambdas/core/provider.ts';
import type { Options } from '../../lambdas/core/envelope.ts';
import type { Upkeep } from '../../lambdas/core/registration.ts';
import { flag, section, wholeNumber } from './checks.ts';

/** How a source is asked for what its provider failed to deliver. */
export interface PollConfig {
  readonly everyMinutes: number;
  /** The most events that one poll handles, and the most pages that it reads. */
  readonly maxEvents: number;
  readonly maxPages: number;
  /** Whether the poller keeps the source's registrations with the provider alive, if it can. */
  readonly keepRegistered: boolean;
}

/** CloudWatch looks back for a day at most: three intervals without a successful poll must fit in. */
const MOST_MINUTES = 480;

export const pollSchema = section({
  everyMinutes: wholeNumber(1, MOST_MINUTES).default(5),
  maxEvents: wholeNumber(1, 100_000).default(5000),
  maxPages: wholeNumber(1, 10_000).default(200),
  keepRegistered: flag.default(true),
});

/** Whether a source says all that calling its provider's API takes. */
export const callsApi = ({ provider: { api }, options }: { readonly provider: Provider; readonly options: Options }) =>
  api?.settings.every((name) => options[name] !== undefined) ?? false;

/** Whether a poller has anything to do for the sources of a provider. */
export const isPolled = ({ missedEvents, registration }: Provider): boolean =>
  missedEvents !== undefined || registration?.upkeep !== undefined;

/** How the poller of a source keeps its registrations alive; undefined if it does not. */
export const upkeepOf = ({
  provider: { registration },
  poll,
}: {
  readonly provider: Provider;
  readonly poll?: PollConfig;
}): Upkeep | undefined => (poll?.keepRegistered === true ? registration?.upkeep : undefined);

/** Days between two rotations of a source's secret, if the gateway does them; undefined if a person does. */
export const rotationDays = (source: { readonly provider: Provider; readonly options: Options }): number | undefined =>
  callsApi(source) ? source.provider.rotation?.everyDays(source.options) : undefined;

/** One line that names the missing options, if a source states only some of those that its provider's API needs. */
export function incompleteApi(name: string, provider: Provider, options: Options, polls: boolean): string[] {
  const { settings = [] } = provider.api ?? {};
  const missing = settings.filter((setting) => options[setting] === undefined);
  const isWanted = polls || missing.length < settings.length;
  if (missing.length === 0 || !isWanted) return [];
  const all = settings.map((setting) => `"${setting}"`).join(', ');
  return [`sources.${name}.options: calling the API of ${provider.title} needs ${all}; missing: ${missing.join(', ')}`];
}
