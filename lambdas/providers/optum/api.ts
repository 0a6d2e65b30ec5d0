import type { OptionSpec } from '../../core/provider.ts';
import type { ProviderApi } from '../../core/provider-api.ts';
import type { Options } from '../../core/envelope.ts';

/** The values that Optum gives with an account and a subscription; each goes into a header or a path. */
const ID = /^[\w.~-]{1,200}$/;
/** A path and perhaps a query, without a host of its own. */
const PATH = /^\/(?!\/)[\w.~/{}?=&%-]*$/;

const SUBSCRIPTION = '/api/event-api/v1/subscriptions/{subscriptionId}';
/** Optum's documents have two forms of the path; this is the one that they give for the update. */
const UPDATE = '/v1/event-api/subscriptions/{subscriptionId}';

const path = (of: string, value: string) =>
  ({
    type: 'string',
    description: `Path of ${of}; \`{subscriptionId}\` is replaced.`,
    default: value,
    pattern: PATH,
  }) as const;

export const optumApi: ProviderApi = {
  credentials: 'client',
  settings: ['baseUrl', 'tokenUrl', 'tenantId', 'subscriptionId'],
};

export const optumApiOptions = {
  baseUrl: { type: 'url', description: "Base URL of Optum's API, without the paths below." },
  tokenUrl: { type: 'url', description: 'URL of the token endpoint: OAuth 2.0 client credentials.' },
  tenantId: { type: 'string', description: 'Sent as `X-Optum-Tenant-Id`.', pattern: ID },
  subscriptionId: { type: 'string', description: 'The subscription that delivers to this source.', pattern: ID },
  subscriptionPath: path('the subscription itself', SUBSCRIPTION),
  missedEventsPath: path('the missed events', `${SUBSCRIPTION}/missed-events`),
  acknowledgePath: path('the acknowledgement of missed events', `${SUBSCRIPTION}/missed-events/acknowledge`),
  reopenPath: path('the reopening of the circuit', `${SUBSCRIPTION}/reopen`),
  updatePath: path('the reading and updating of the subscription, to rotate the secret', UPDATE),
  rotationDays: {
    type: 'integer',
    description: 'Days between two rotations of the signing secret, which need no person; 0 turns them off.',
    default: 30,
    min: 0,
    max: 365,
  },
} as const satisfies Record<string, OptionSpec>;

type PathOption = Extract<keyof typeof optumApiOptions, `${string}Path`>;

/** The URL of a call to Optum's API. */
export function optumUrl(options: Options, option: PathOption): string {
  const base = String(options.baseUrl).replace(/\/+$/, '');
  return base + String(options[option]).replaceAll('{subscriptionId}', String(options.subscriptionId));
}

/** The headers of a call to Optum's API. */
export const optumHeaders = ({ tenantId }: Options): Record<string, string> => ({
  accept: 'application/json',
  'x-optum-tenant-id': String(tenantId),
});
