import type { OptionSpec } from '../../core/provider.ts';

const HEADER = /^[a-z\d-]{1,64}$/;
const ID = /^[\w.~-]{1,64}$/;

/** What a Subscription and its server can differ in. */
export const FHIR_OPTIONS = {
  header: {
    type: 'string',
    description: 'The header of the token, in lower case, as the Subscription states it.',
    pattern: HEADER,
    default: 'authorization',
  },
  scheme: {
    type: 'choice',
    description:
      'What is before the token in `Authorization`; with `none`, and in any other header, the token is the whole value.',
    choices: ['bearer', 'basic', 'none'],
    default: 'bearer',
  },
  dialect: {
    type: 'choice',
    description:
      'What names an event: its number in the Subscription, as the standard has it; the Bundle (HAPI, Smile CDR); or the resource in its version (Aidbox destinations, servers without numbers).',
    choices: ['standard', 'bundle-id', 'focus-version'],
    default: 'standard',
  },
  subscription: {
    type: 'string',
    description: "The Subscription's id. Once it is stated, another Subscription's events wait in quarantine.",
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
} as const satisfies Record<string, OptionSpec>;
