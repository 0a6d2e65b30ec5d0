import { z } from 'zod';
import { maySignUrl } from '../../lambdas/core/provider.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import { addressRange, docsUrl, emailAddress, flag, httpsUrl, oneOf, section, wholeNumber } from './checks.ts';
import { isPolled, pollSchema } from './provider-api.ts';
import type { PollConfig } from './provider-api.ts';
import { domainSchema, wafSchema } from './domain.ts';
import { handlerSchema } from './handler.ts';
import { outageSchema, sourceOutageSchema } from './flow.ts';
import { gradualSchema } from './gradual.ts';
import { MAX_BODY_BYTES } from './limits.ts';
import { distinct, gatewayName, sourceName, stageName } from './names.ts';
import { orderSchema, sendsJson } from './order.ts';
import type { OrderConfig } from './order.ts';
import { optionsSchema } from './provider-options.ts';
import { retrySchema, sourceRetrySchema } from './retry.ts';
import { targetsSchema } from './targets.ts';

/** The periods that CloudWatch Logs offers. */
export const LOG_DAYS = [
  ...[1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653],
] as const;

const DAY = 86_400;

/** One address twice would be one subscription twice; upper case makes no other address. */
const emailAddresses = distinct(emailAddress, (address) => address.toLowerCase());

/** Seconds for which Lambda gathers a batch: five minutes are its most. */
const batchingWindow = wholeNumber(0, 300);

/** A function's own share of the account's concurrency. */
const reservation = wholeNumber(1, 1000);

/** The keys of the gateway as a whole. */
const OF_GATEWAY = {
  name: gatewayName.default('hookgate'),
  stage: stageName.default('dev'),
  production: flag.optional(),
  maxBodyBytes: wholeNumber(1024, MAX_BODY_BYTES).default(MAX_BODY_BYTES),
  retention: section({
    logDays: z.literal(LOG_DAYS, { error: `must be one of ${LOG_DAYS.join(', ')}` }).default(90),
    queueDays: wholeNumber(1, 14).default(14),
    recordDays: wholeNumber(1, 3653).default(2192),
  }).prefault({}),
  archive: section({
    retentionDays: wholeNumber(1, 3650).default(30),
  }).prefault({}),
  alarms: section({
    critical: emailAddresses.default([]),
    warning: emailAddresses.default([]),
    elsewhere: flag.default(false),
  }).prefault({}),
  docsUrl: docsUrl.optional(),
  throttle: section({
    requestsPerSecond: wholeNumber(1, 10_000).default(200),
    burst: wholeNumber(1, 5_000).default(500),
  }).prefault({}),
  waf: wafSchema,
  apiGatewayAccountRole: oneOf(['create', 'existing']).default('create'),
  domain: domainSchema.optional(),
  retry: retrySchema,
  ...outageSchema,
  gradual: gradualSchema.optional(),
  verifier: section({ reservedConcurrency: reservation.optional() }).prefault({}),
  processor: section({
    timeoutSeconds: wholeNumber(5, 900).default(30),
    batchSize: wholeNumber(1, 10).default(10),
    batchingWindowSeconds: batchingWindow.default(5),
    maxConcurrency: wholeNumber(2, 1000).default(10),
    reservedConcurrency: reservation.optional(),
  })
    .refine(({ maxConcurrency, reservedConcurrency = Infinity }) => reservedConcurrency >= maxConcurrency, {
      error:
        'must be at least maxConcurrency: events that Lambda throttles come back, and end in the dead-letter queue',
      path: ['reservedConcurrency'],
    })
    .prefault({}),
};

/**
 * The schema of hookgate.config.ts. Providers are by the text that names them; handler files are looked for below `root`. Only
 * the providers that `settings` name get a schema: one for each of the registry takes longer than all the rest of a command.
 */
export const settingsSchema = (providers: ReadonlyMap<string, Provider>, root: string, settings: unknown) =>
  section({
    ...OF_GATEWAY,
    sources: z
      .record(sourceName, sourceSchema(providers, root, namedIn(settings)), {
        error: 'must be an object of sources by name',
      })
      .refine((sources) => Object.keys(sources).length > 0, { error: 'must have at least one source' }),
  });

/** One schema a provider, chosen by the provider's name: what one has, another refuses. */
function sourceSchema(providers: ReadonlyMap<string, Provider>, root: string, named: ReadonlySet<unknown>) {
  const [any] = providers;
  if (!any) throw new Error('the registry has no provider');
  const used = [...providers].filter(([text]) => named.has(text));
  const [first = sourceOnce(...any, root), ...rest] = used.map(([text, provider]) => sourceOnce(text, provider, root));
  const names = [...providers.keys()].map((text) => `"${text}"`).sort();
  return z.discriminatedUnion('provider', [first, ...rest], {
    error: ({ input }) => (isObject(input) ? `must be one of ${names.join(', ')}` : 'must be an object'),
  });
}

/** Whatever the sources of unchecked settings give as their providers. */
function namedIn(settings: unknown): ReadonlySet<unknown> {
  const { sources } = isObject(settings) ? (settings as { readonly sources?: unknown }) : {};
  if (!isObject(sources)) return new Set();
  return new Set(
    Object.values(sources as object).map(
      (source: unknown) => isObject(source) && (source as { provider?: unknown }).provider,
    ),
  );
}

const isObject = (value: unknown): boolean => typeof value === 'object' && value !== null && !Array.isArray(value);

const made = new WeakMap<Provider, Map<string, ReturnType<typeof sourceOf>>>();

/** {@link sourceOf}, made once: to make a schema takes longer than to check many sources by it. */
function sourceOnce(text: string, provider: Provider, root: string) {
  const ofProvider = made.get(provider) ?? new Map<string, ReturnType<typeof sourceOf>>();
  const name = JSON.stringify([text, root]);
  const schema = ofProvider.get(name) ?? sourceOf(text, provider, root);
  made.set(provider, ofProvider.set(name, schema));
  return schema;
}

const sourceOf = (text: string, provider: Provider, root: string) =>
  section(
    {
      provider: z.literal(text).transform(() => provider),
      options: optionsSchema(provider),
      windowDays: windowDays(provider),
      previousGraceHours: wholeNumber(0, 720).default(24),
      secretMaxAgeDays: wholeNumber(1, 3650).default(90),
      silenceAlarmHours: wholeNumber(1, 168).optional(),
      handler: handlerSchema(root).optional(),
      targets: targetsSchema.optional(),
      batchingWindowSeconds: batchingWindow.optional(),
      retry: sourceRetrySchema,
      ...sourceOutageSchema,
      gradual: gradualSchema.optional(),
      allowList: z
        .array(addressRange, { error: 'must be a list of addresses' })
        .min(1, { error: 'must name at least one address; leave it out to let every address in' })
        .optional(),
      ...providerSpecific(provider),
    },
    {
      environment: `events of ${provider.title} name no environment`,
      publicUrl: `${provider.title} does not sign the URL`,
      poll: `${provider.title} lists no missed events`,
      order: `${provider.title} sends no JSON, so its events have no field to order them by`,
    },
  );

/** A window shorter than the provider's retries would let a late retry through as a new event. */
function windowDays(provider: Provider) {
  const { title, retryHorizonSeconds } = provider;
  const days = wholeNumber(1, 3650);
  const horizon = Math.round((retryHorizonSeconds / DAY) * 10) / 10;
  const least = Math.ceil(retryHorizonSeconds / DAY);
  const reason = `${title} goes on retrying for ${horizon} days, and a later retry would be processed as a new event`;
  return days
    .refine((value) => value < 1 || value >= least, { error: `must be at least ${least}: ${reason}` })
    .optional();
}

/** The keys that only the sources of some providers have; for other sources they are unknown keys. */
function providerSpecific(provider: Provider): ProviderSpecific {
  const { environments, options } = provider;
  const usual = options.environment?.default;
  const environment = environments && oneOf(environments);
  const stated: Partial<ProviderSpecific> = {
    ...(environment && { environment: typeof usual === 'string' ? environment.prefault(usual) : environment }),
    ...(maySignUrl(provider) && { publicUrl: httpsUrl.optional() }),
    ...(isPolled(provider) && { poll: pollSchema.optional() }),
    ...(sendsJson(provider) && { order: orderSchema.optional() }),
  };
  return stated as ProviderSpecific;
}

/** As every source's type has it: a key that is unknown to a source's provider is undefined there. */
interface ProviderSpecific extends z.ZodRawShape {
  readonly environment: z.ZodType<string | undefined>;
  readonly publicUrl: z.ZodType<string | undefined>;
  readonly poll: z.ZodType<PollConfig | undefined>;
  readonly order: z.ZodType<OrderConfig | undefined>;
}

export type ParsedSettings = z.output<ReturnType<typeof settingsSchema>>;
