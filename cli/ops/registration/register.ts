import { PutSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { credentialsSecret } from '../../../lambdas/adapters/credentials.ts';
import { httpClient } from '../../../lambdas/adapters/http.ts';
import { STAGE } from '../../../lambdas/adapters/secret-versions.ts';
import { webhookPath } from '../../../lambdas/contract.ts';
import { reasonOf } from '../../../lambdas/core/errors.ts';
import { callsTo } from '../../../lambdas/core/http/authorized.ts';
import type { ApiCall } from '../../../lambdas/core/missed-events.ts';
import { register, viewRegistration } from '../../../lambdas/core/register.ts';
import type { RegistrationView } from '../../../lambdas/core/register.ts';
import { secretWay } from '../../../lambdas/core/registration.ts';
import type { Registered, Registration, RegistrationFault } from '../../../lambdas/core/registration.ts';
import type { Result } from '../../../lambdas/core/result.ts';
import { callsApi } from '../../../lib/config/provider-api.ts';
import { OperatorError } from '../../operator-error.ts';
import { sourceNamed } from '../../sources.ts';
import { table } from '../../text/blocks.ts';
import type { TableBlock } from '../../text/blocks.ts';
import { source, time } from '../inputs.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import { readValue, secretOf, WRITES } from '../secret/stored.ts';

const registered = z.object({
  ...{ id: z.string(), url: z.string(), events: z.array(z.string()) },
  enabled: z.boolean().describe('false if the provider does not deliver to it'),
  expiresAt: time.optional().describe('when it ends unless it is renewed'),
});
const view = z.object({
  source: z.string(),
  url: z.string().describe("the source's own"),
  own: registered.optional().describe('the registration with that URL'),
  others: z.array(registered).describe('registrations with other URLs'),
  differences: z.array(z.string()).describe('url, events, disabled: how the registration differs from the source'),
});
const eventsInput = z.string().optional().describe('event types or patterns, with commas between');
const common = { positional: ['source'] as const, takesSecret: true };

/** `ops registration <source>`. */
export const registrationOperation = operation({
  name: 'registration',
  summary: 'Shows what is registered with the provider of a source, and how it differs from the source.',
  ...{ ...common, input: z.object({ source, events: eventsInput }), output: view },
  effect: 'reads',
  permissions: ['secretsmanager:GetSecretValue', 'kms:Decrypt'],
  async run(ops, { source: name, events }) {
    const { registration, url, api } = await prepare(ops, name);
    const seen = await unlessFailed(name, viewRegistration({ url, events: listOf(events) }, registration, api));
    const ok = seen.own !== undefined && seen.differences.length === 0;
    return { text: show(seen, url), data: { source: name, url, ...shown(seen) }, ok };
  },
});

/** `ops register <source>`. */
export const registerOperation = operation({
  name: 'register',
  summary: "Registers the URL of a source by its provider's API, once however often it is run.",
  input: z.object({
    ...{ source, events: eventsInput },
    replace: z.boolean().default(false).describe('change a registration that has another URL'),
    replacePending: z.boolean().default(false).describe('give up a pending secret that is there already'),
  }),
  ...common,
  output: view.extend({
    outcome: z.enum(['unchanged', 'created', 'updated', 'other-url', 'differs', 'no-events']),
    staged: z.string().optional().describe('version of the secret that the provider has made'),
  }),
  effect: 'changes',
  permissions: WRITES,
  async run(ops, { source: name, events, replace, replacePending }) {
    const { registration, url, api, provider } = await prepare(ops, name);
    const secret = await secretOf(name, ops);
    const isGiven = secretWay(provider) === 'given';
    const current = isGiven ? await readValue(secret, 'current') : undefined;
    if (isGiven && !current?.value)
      throw new OperatorError(
        `${name} has no secret yet, which ${provider.title} is given: ${provider.secret.madeBy === 'customer' ? 'deploy' : `store it with npm run ops -- secret set ${name}`} first.`,
      );
    const beforeMaking = async (): Promise<void> => {
      if (secretWay(provider) !== 'told') return;
      const [now, pending] = await Promise.all([readValue(secret, 'current'), readValue(secret, 'pending')]);
      if (pending !== undefined && pending.value !== now?.value && !replacePending)
        throw new OperatorError(
          `${name} has a pending secret, which the secret of a new registration would take the place of: promote it with ops secret promote ${name}, or give it up with --replace-pending; nothing has changed.`,
        );
    };
    const asked = { url, events: listOf(events), secret: current?.value ?? '', replaces: replace, beforeMaking };
    const { secret: made, ...done } = await unlessFailed(name, register(asked, registration, api));
    const command = { SecretId: secret.id, SecretString: made, VersionStages: [STAGE.pending] };
    const staged =
      made === undefined ? undefined : (await secret.client.send(new PutSecretValueCommand(command))).VersionId;
    const { outcome } = done;
    return {
      text: [SAID[outcome], ...(staged === undefined ? [] : [STAGED]), ...show(done, url)],
      data: { source: name, url, ...shown(done), outcome, staged },
      ok: ['unchanged', 'created', 'updated'].includes(outcome),
    };
  },
});

const SAID = {
  unchanged: 'The URL is registered already: nothing was changed.',
  created: 'The URL is registered now.',
  updated: 'The registration is as the source wants it now.',
  'other-url':
    'Another URL is registered, and nothing was changed: add --replace to put the URL of the source in its place.',
  differs: 'The registration differs, and the provider has no call to change it: change it by hand.',
  'no-events': 'The provider registers event types, and nothing was changed: name them with --events.',
} as const;
const STAGED =
  'The provider has made the secret, which is staged: deliveries signed with it are accepted. Promote it with npm run ops -- secret promote.';

async function prepare(ops: Ops, name: string) {
  const { config, gateway, clock } = ops;
  const { provider, options } = sourceNamed(name, config.sources);
  const { registration } = provider;
  if (!registration)
    throw new OperatorError(
      `${provider.title} has no API for registrations that Hookgate calls: docs/providers/${provider.name}.md says how to register by hand.`,
    );
  const missing = registration.settings.filter((setting) => options[setting] === undefined);
  if (missing.length > 0)
    throw new OperatorError(`The options of ${name} must state ${missing.join(', ')}, so that the API can be called.`);
  const url = gateway.isLocal ? gateway.name + webhookPath(name) : await gateway.outputOf(name, 'Url');
  const http = httpClient({
    ...{ timeoutMs: 10_000, totalMs: 20_000, retries: 0, maxBytes: 4 * 1024 * 1024 },
    allowLoopback: gateway.isLocal,
  });
  // If the gateway itself calls the API, it has the credentials; else they come from standard input.
  const credentials = callsApi({ provider, options })
    ? credentialsSecret(await gateway.outputOf(name, 'CredentialsName'), gateway.client(SecretsManagerClient))
    : fromInput(ops);
  const api: ApiCall = {
    http: callsTo(provider.api, options, { http, clock, credentials }),
    options,
    now: new Date(clock()),
  };
  return { provider, registration, url, api } satisfies { registration: Registration } & Record<string, unknown>;
}

const fromInput = ({ readSecret }: Ops) => ({
  token: async () => (await readSecret()).trim(),
  client: () =>
    Promise.reject(new OperatorError('State all options of the API and deploy: the credentials are a client.')),
});

async function unlessFailed<Value>(name: string, call: Promise<Result<Value, RegistrationFault>>): Promise<Value> {
  const answer = await call.catch((error: unknown) => {
    throw error instanceof OperatorError
      ? error
      : new OperatorError(`The API of ${name} was not reached: ${reasonOf(error)}.`);
  });
  if (answer.ok) return answer.value;
  throw new OperatorError(`The API of ${name} refused the call: ${answer.reason}. Check its options and credentials.`);
}

const listOf = (events: string | undefined): string[] | undefined =>
  events?.split(',').flatMap((event) => event.trim() || []);

const shown = ({ own, others, differences }: RegistrationView) => ({
  own: own && plain(own),
  others: others.map(plain),
  differences: [...differences],
});

const plain = ({ id, url, events, enabled, expiresAt }: Registered) => ({
  ...{ id, url, events: [...events], enabled },
  ...(expiresAt && { expiresAt: expiresAt.toISOString() }),
});

function show({ own, others, differences }: RegistrationView, url: string): (string | TableBlock)[] {
  const rows = [...(own ? [own] : []), ...others].map((each) => [
    each.url === url ? `${each.url} (this source)` : each.url,
    each.events.join(', '),
    each.enabled ? 'yes' : 'no',
    each.expiresAt?.toISOString() ?? 'never',
  ]);
  return [
    ...(rows.length > 0
      ? [table(['URL', 'events', 'delivers', 'ends'], rows)]
      : [`Nothing is registered; the URL is ${url}.`]),
    ...differences.map((difference) => `Differs: ${difference}.`),
  ];
}
