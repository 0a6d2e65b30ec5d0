import { webhookPath } from '../../lambdas/contract.ts';
import { defaultWindowDays, maySignUrl } from '../../lambdas/core/provider.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import type { Source } from '../../lambdas/core/source.ts';
import { providers } from '../../lambdas/providers/index.ts';
import { tooLongAllowLists } from './allow-list.ts';
import { LEAST_WAF_LIMIT, WAF_SECONDS } from './domain.ts';
import type { GradualConfig } from './gradual.ts';
import { ownProblems } from './handler.ts';
import type { HandlerMeans } from './handler.ts';
import { tooManySources } from './limits.ts';
import { toLines, unreadable } from './messages.ts';
import { isProduction, sameNames, sameVariables, unclearProduction } from './names.ts';
import { registeredFile } from './provider-file.ts';
import type { ProviderFile } from './provider-file.ts';
import type { OrderConfig } from './order.ts';
import { retryProblems } from './retry.ts';
import { callsApi, incompleteApi, isPolled, pollSchema } from './provider-api.ts';
import type { PollConfig } from './provider-api.ts';
import { settingsSchema } from './schema.ts';
import type { ParsedSettings } from './schema.ts';
import { NO_OWN_PROVIDERS, withoutUnusable } from './own-providers.ts';
import type { OwnProviders } from './own-providers.ts';
import type { Settings } from './settings.ts';
import type { PaceSettings } from './source-settings.ts';
import { LEAST_TARGET_WINDOW_DAYS, toTargets } from './targets.ts';
import type { TargetConfig } from './targets.ts';
import { tooLongOptions, tooLongTargets } from './variables.ts';
import { PACKAGE } from '../places.ts';

/** A source as the stack builds it. */
export interface SourceConfig extends Source {
  /** Where the provider's code is; absent for one that only a test knows. */
  readonly providerFile?: ProviderFile;
  /** Absolute path of the customer's handler file; absent if events go to the bus. */
  readonly handler?: string;
  /** The means that its handler has beside its code; absent if it has none. */
  readonly means?: HandlerMeans;
  /** Where its events go beside the handler; absent if they go to the handler or the bus alone. */
  readonly targets?: readonly TargetConfig[];
  /** Hours for which the previous secret is accepted. */
  readonly previousGraceHours: number;
  /** Days after which a secret that a person rotates is too old. */
  readonly secretMaxAgeDays: number;
  /** Hours without an authentic delivery after which an alarm says so; absent if none does. */
  readonly silenceAlarmHours?: number;
  /** How the provider is asked for what it failed to deliver; absent if it is not. */
  readonly poll?: PollConfig;
  /** When failed events are tried again. */
  readonly retry: ParsedSettings['retry'];
  /** Whether the breaker opens by itself in an outage behind the gateway. */
  readonly breaker: boolean;
  /** Whether dead letters of an outage go back to the queue by themselves once it is over. */
  readonly selfRepair: boolean;
  /** Seconds for which its events wait for others of their batch. */
  readonly batchingWindowSeconds: number;
  /** The most that the handler is given; absent if that is not limited. */
  readonly pace?: PaceSettings;
  /** How new versions of its functions come into force; absent if at once. */
  readonly gradual?: GradualConfig;
  /** How its events are ordered; absent if they are not. */
  readonly order?: OrderConfig;
  /** Addresses that deliveries may come from; absent if every address may. */
  readonly allowList?: readonly string[];
}

/** The settings of hookgate.config.ts, checked and with every default. */
export interface HookgateConfig extends Readonly<Omit<ParsedSettings, 'production' | 'sources' | 'waf'>> {
  /** The name of the file that has the settings, for messages; absent if it is not known. */
  readonly file?: string;
  readonly production: boolean;
  readonly sources: readonly SourceConfig[];
  readonly waf: { readonly enabled: boolean; readonly requestsPerAddress: number };
}

/** Everything that is wrong with hookgate.config.ts, one problem a line. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly string[];
  readonly file: string;

  constructor(problems: readonly string[], file = 'hookgate.config.ts') {
    super([`${file} cannot be used:`, ...problems.map((problem) => `  ${problem}`)].join('\n'));
    this.problems = problems;
    this.file = file;
  }
}

export interface ConfigContext {
  /** Directory that handler files are relative to. Default: the root of Hookgate's own files. */
  readonly root?: string;
  /** Name of the file, for the message of a {@link ConfigError}. Default: `hookgate.config.ts`. */
  readonly file?: string;
  /** Default: the registry. */
  readonly providers?: ReadonlyMap<string, Provider>;
  /** The customer's own providers, loaded from the files that the settings name. Default: none. */
  readonly own?: OwnProviders;
}

/** Checks the settings and puts in the defaults. Throws a {@link ConfigError} that names every problem at once, and nothing else. */
export function resolveConfig(settings: Settings, context: ConfigContext = {}): HookgateConfig {
  try {
    return resolved(settings, context);
  } catch (error) {
    throw error instanceof ConfigError ? error : new ConfigError([unreadable(settings, error)], context.file);
  }
}

function resolved(settings: Settings, context: ConfigContext): HookgateConfig {
  const root = context.root ?? PACKAGE;
  const { own, flaws } = context.own ?? NO_OWN_PROVIDERS;
  const known = [...own].map(([text, { provider }]) => [text, provider] as const);
  const all = new Map([...(context.providers ?? providers), ...known]);
  const { usable, unusable } = withoutUnusable(settings, flaws);
  const { data, error } = settingsSchema(all, root, usable).safeParse(usable);
  const problems = [
    ...unusable,
    ...(error?.issues ?? [])
      // That no source is left is due to what is said already.
      .filter(({ path }) => unusable.length === 0 || path.join() !== 'sources')
      .flatMap((issue) => toLines(issue, settings, [...all.keys()])),
    ...acrossKeys(settings),
    ...(data ? [...retryProblems(data), ...ownProblems(data), ...sameVariables(data.sources)] : []),
    ...Object.entries(data?.sources ?? {}).flatMap(([name, { provider, options, poll }]) =>
      incompleteApi(name, provider, options, poll !== undefined),
    ),
  ];
  if (!data || problems.length > 0) throw new ConfigError(problems, context.file);
  const files = new Map([...own.values()].map(({ provider, file }) => [provider, file]));
  const sources = Object.entries(data.sources).map(([name, source]) =>
    toSource(name, source, data, files.get(source.provider) ?? registeredFile(source.provider)),
  );
  const tooLong = [
    ...tooManySources(sources),
    ...tooLongAllowLists(sources),
    ...sources.flatMap(({ name, options }) => tooLongOptions(name, options)),
    ...sources.flatMap(({ name, targets = [], means }) => tooLongTargets(name, targets, means)),
  ];
  if (tooLong.length > 0) throw new ConfigError(tooLong, context.file);
  return {
    ...data,
    ...(context.file !== undefined && { file: context.file }),
    production: isProduction(data),
    sources,
    waf: {
      enabled: data.waf.enabled,
      requestsPerAddress:
        data.waf.requestsPerAddress ?? Math.max(LEAST_WAF_LIMIT, (WAF_SECONDS * data.throttle.requestsPerSecond) / 20),
    },
  };
}

/** The root of Hookgate's own files; in the repository it is the directory of hookgate.config.ts too. */
export { PACKAGE as REPOSITORY } from '../places.ts';

const DAY = 86_400;

function toSource(
  name: string,
  settings: ParsedSettings['sources'][string],
  {
    maxBodyBytes,
    domain,
    retry,
    ...gateway
  }: Pick<ParsedSettings, 'maxBodyBytes' | 'domain' | 'retry' | 'breaker' | 'selfRepair' | 'gradual' | 'processor'>,
  providerFile: ProviderFile | undefined,
): SourceConfig {
  const { provider, options, handler, targets, allowList, environment } = settings;
  const usualDays = defaultWindowDays(provider);
  const windowDays = settings.windowDays ?? (targets ? Math.max(usualDays, LEAST_TARGET_WINDOW_DAYS) : usualDays);
  const publicUrl = settings.publicUrl ?? (maySignUrl(provider) && domain ? sourceUrl(domain.name, name) : undefined);
  const gradual = settings.gradual ?? gateway.gradual;
  const polls = isPolled(provider) && callsApi({ provider, options });
  const { previousGraceHours, secretMaxAgeDays, silenceAlarmHours, order } = settings;
  return {
    ...{ name, provider, maxBodyBytes, windowSeconds: windowDays * DAY, previousGraceHours, secretMaxAgeDays },
    options: {
      ...options,
      ...(environment !== undefined && { environment }),
      ...(publicUrl !== undefined && { publicUrl }),
    },
    ...(providerFile && { providerFile }),
    batchingWindowSeconds: settings.batchingWindowSeconds ?? gateway.processor.batchingWindowSeconds,
    retry: { ...retry, ...settings.retry },
    breaker: settings.breaker ?? gateway.breaker,
    selfRepair: settings.selfRepair ?? gateway.selfRepair,
    ...(settings.pace && { pace: settings.pace }),
    ...(silenceAlarmHours !== undefined && { silenceAlarmHours }),
    ...(polls && { poll: settings.poll ?? pollSchema.parse({}) }),
    ...(handler && { handler: handler.file }),
    ...(handler?.means && { means: handler.means }),
    ...(gradual && { gradual }),
    ...(order && { order }),
    ...(targets && { targets: toTargets(name, targets) }),
    ...(allowList && { allowList }),
  };
}

/** A source's URL at the customer's own domain. */
export const sourceUrl = (domain: string, source: string): string => `https://${domain}${webhookPath(source)}`;

/** The faults of keys taken together; each of them alone may be right. */
function acrossKeys(settings: unknown): string[] {
  if (typeof settings !== 'object' || settings === null) return [];
  const { sources, stage, production } = settings as Readonly<Record<string, unknown>>;
  return [...unclearProduction(stage, production), ...sameNames(sources)];
}
