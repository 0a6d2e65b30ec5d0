import type { Settings } from '../../lib/config/settings.ts';
import type { SourceSettings } from '../../lib/config/source-settings.ts';
import { LOCAL_RESOURCE } from './logs/elation.ts';
import { LOCAL_HOOK } from './logs/github.ts';
import { LOCAL_GRAPH, LOCAL_JQL } from './registrations/ending.ts';
import { LOCAL_SETTING } from './logs/paddle.ts';
import { LOCAL_WEBHOOK } from './logs/twilio.ts';
import { LOCAL_ENDPOINT } from './logs/svix.ts';
import { LOCAL_TOKEN } from './nvsep.ts';
import { LOCAL_TENANT } from './optum-missed-events.ts';
import { LOCAL_CLIENT } from './token-endpoint.ts';

type Options = NonNullable<SourceSettings['options']>;

/** The options that a source states to reach the stand-in for its provider's API: one line per provider that has an API. */
const OPTIONS: Readonly<Record<string, (url: string, source: string) => Options>> = {
  optum: (url, source) => ({
    baseUrl: `${url}/optum`,
    tokenUrl: `${url}/oauth/token`,
    tenantId: LOCAL_TENANT,
    subscriptionId: subscriptionOf(source),
  }),
  osigu: (url) => ({ baseUrl: `${url}/osigu` }),
  nvsep: (url) => ({ baseUrl: `${url}/nvsep/api/cfs/v1` }),
  fhir: (url, source) => ({
    ...{ baseUrl: `${url}/fhir`, tokenUrl: `${url}/oauth/token` },
    ...{ watch: subscriptionOf(source), fromNumber: 1 },
  }),
  github: (url) => ({ baseUrl: `${url}/github`, ...LOCAL_HOOK }),
  airtable: (url) => ({ baseUrl: `${url}/airtable`, baseId: 'appLocal' }),
  'microsoft-graph': (url) => ({
    ...{ baseUrl: `${url}/graph`, tokenUrl: `${url}/oauth/token`, scope: 'https://graph.microsoft.com/.default' },
    ...LOCAL_GRAPH,
  }),
  twitch: (url) => ({ baseUrl: `${url}/twitch`, tokenUrl: `${url}/oauth/token`, clientId: 'local' }),
  jira: (url) => ({ baseUrl: `${url}/jira`, tokenUrl: `${url}/oauth/token`, jql: LOCAL_JQL }),
  oura: (url) => ({ baseUrl: `${url}/oura`, clientId: 'local' }),
  gocardless: (url) => ({ baseUrl: `${url}/gocardless` }),
  elation: (url) => ({ baseUrl: `${url}/elation`, tokenUrl: `${url}/oauth/token`, ...LOCAL_RESOURCE }),
  metriport: (url) => ({ baseUrl: `${url}/metriport` }),
  okta: (url) => ({ baseUrl: `${url}/okta`, eventTypes: 'user.lifecycle.create' }),
  paddle: (url) => ({ baseUrl: `${url}/paddle`, ...LOCAL_SETTING }),
  stripe: (url) => ({ baseUrl: `${url}/stripe` }),
  svix: (url) => ({ baseUrl: `${url}/svix`, ...LOCAL_ENDPOINT }),
  telnyx: (url) => ({ baseUrl: `${url}/telnyx` }),
  twilio: (url) => ({ baseUrl: `${url}/twilio`, alertUrl: LOCAL_WEBHOOK }),
};

/** The options of a source that calls its provider's API at the stand-in; undefined if there is none. */
export const localOptions = (provider: string, url: string, source: string): Options | undefined =>
  OPTIONS[provider]?.(url, source);

/** The value of the credentials secret with which the stand-ins know a source, by the kind that its provider takes. */
export const LOCAL_CREDENTIALS = {
  client: JSON.stringify(LOCAL_CLIENT),
  basic: JSON.stringify(LOCAL_CLIENT),
  token: LOCAL_TOKEN,
} as const;

/** The subscription of a source at the stand-ins for Optum and for a FHIR server. */
export const subscriptionOf = (source: string): string => `subscription-${source}`;

/** The settings with every source's API at the stand-ins, in the place of what the settings say of it. */
export const withFakeProviders = (settings: Settings, url: string): Settings => ({
  ...settings,
  sources: Object.fromEntries(
    Object.entries(settings.sources).map(([name, source]) => {
      const options = localOptions(source.provider, url, name);
      return [name, options ? { ...source, options: { ...source.options, ...options } } : source];
    }),
  ),
});
