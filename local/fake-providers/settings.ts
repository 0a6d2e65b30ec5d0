import type { Settings, SourceSettings } from '../../lib/config/settings.ts';
import { LOCAL_TOKEN } from './nvsep.ts';
import { LOCAL_TENANT } from './optum-missed-events.ts';
import { LOCAL_CLIENT } from './token-endpoint.ts';

type Options = NonNullable<SourceSettings['options']>;

/** What a source states to reach the stand-in for its provider's API: one line per provider that has an API. */
const OPTIONS: Readonly<Record<string, (url: string, source: string) => Options>> = {
  optum: (url, source) => ({
    baseUrl: `${url}/optum`,
    tokenUrl: `${url}/oauth/token`,
    tenantId: LOCAL_TENANT,
    subscriptionId: subscriptionOf(source),
  }),
  nvsep: (url) => ({ baseUrl: `${url}/nvsep/api/cfs/v1` }),
};

/** The value of the credentials secret with which the stand-ins know a source, by the kind that its provider takes. */
export const LOCAL_CREDENTIALS = { client: JSON.stringify(LOCAL_CLIENT), token: LOCAL_TOKEN } as const;

/** The subscription of a source at the stand-in for Optum. */
export const subscriptionOf = (source: string): string => `subscription-${source}`;

/** The settings with every source's API at the stand-ins, in the place of what the settings say of it. */
export const withFakeProviders = (settings: Settings, url: string): Settings => ({
  ...settings,
  sources: Object.fromEntries(
    Object.entries(settings.sources).map(([name, source]) => {
      const options = OPTIONS[source.provider]?.(url, name);
      return [name, options ? { ...source, options: { ...source.options, ...options } } : source];
    }),
  ),
});
