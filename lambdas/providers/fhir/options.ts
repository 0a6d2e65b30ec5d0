import type { OptionSpec } from '../../core/provider.ts';

const HEADER = /^[A-Za-z\d-]{1,64}$/;
const ID = /^[\w.~-]{1,64}$/;

/** The options of a FHIR source: the ways in which Subscriptions and their servers differ. */
export const FHIR_OPTIONS = {
  header: {
    type: 'string',
    description: 'The header of the token, as the Subscription states it.',
    pattern: HEADER,
    default: 'authorization',
  },
  scheme: {
    type: 'choice',
    description:
      'The word before the token in `Authorization`; with `none`, and in any other header, the token is the whole value.',
    choices: ['bearer', 'basic', 'none'],
    default: 'bearer',
  },
  dialect: {
    type: 'choice',
    description:
      'The name of an event: its number in the Subscription, as the standard has it; the Bundle (HAPI, Smile CDR); or the resource in its version (Aidbox destinations, servers without numbers).',
    choices: ['standard', 'bundle-id', 'focus-version'],
    default: 'standard',
  },
  subscription: {
    type: 'string',
    description: "The Subscription's id. Once it is stated, another Subscription's events wait in quarantine.",
    pattern: ID,
  },
  watch: {
    type: 'string',
    description:
      'The id of a Subscription that is asked about although nothing has come of it yet. Others may deliver too.',
    pattern: ID,
  },
  generation: {
    type: 'string',
    description: 'Set it, or change it, after the server has begun to count again: it goes in front of each event key.',
    pattern: /^[\w.-]{1,32}$/,
  },
  answer: {
    type: 'choice',
    description: 'The body of the answer: a Bundle, which HAPI wants to read; nothing; or nothing with status 204.',
    choices: ['bundle', 'empty', 'no-content'],
    default: 'bundle',
  },
  heartbeatSeconds: {
    type: 'integer',
    description: 'The heartbeat period of the Subscription. Silence for twice as long raises an alarm.',
    min: 10,
    max: 36_000,
  },
  baseUrl: {
    type: 'url',
    description: "Base URL of the server's FHIR API. With it a poller asks for what is missing, by its number.",
  },
  tokenUrl: {
    type: 'url',
    description: 'URL of the token endpoint: OAuth 2.0 client credentials, or SMART Backend Services.',
  },
  scope: {
    type: 'string',
    description: 'The scope that a token is asked for with: `system/Subscription.read`.',
    pattern: /^[\w./*:?=|&-]+(?: [\w./*:?=|&-]+)*$/,
  },
  content: {
    type: 'choice',
    description: "The Subscription's level of content, which `$events` is asked for.",
    choices: ['empty', 'id-only', 'full-resource'],
    default: 'id-only',
  },
  fromNumber: {
    type: 'integer',
    description:
      'The first event number that is wanted. Default: what has come since the gateway first heard of the Subscription.',
    min: 1,
    max: Number.MAX_SAFE_INTEGER,
  },
  writeOffHours: {
    type: 'integer',
    description: 'Hours for which a number is waited for that the server does not give.',
    default: 24,
    min: 1,
    max: 336,
  },
  reactivate: {
    type: 'choice',
    description:
      'How a Subscription in `error` is turned on again: by a person, or by the poller with a PUT or a JSON Patch of its status. On some servers a PUT resets the numbers.',
    choices: ['no', 'put', 'patch'],
    default: 'no',
  },
} as const satisfies Record<string, OptionSpec>;
