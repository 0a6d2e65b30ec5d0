import type { OptionSpec } from '../core/provider.ts';

const HEADER = /^[A-Za-z\d-]{1,64}$/;
const PATH = /^[\w-]{1,64}(?:\.[\w-]{1,64}){0,7}$/;
const PATHS = new RegExp(`^${PATH.source.slice(1, -1)}(?:, ?${PATH.source.slice(1, -1)}){0,9}$`);

/** All that a sender's page can say and this provider can follow. */
export const GENERIC_OPTIONS = {
  scheme: {
    type: 'choice',
    description:
      'A keyed hash in a header; or HTTP Basic, a bearer token or a token in a header, which prove only who calls.',
    choices: ['hmac', 'basic', 'bearer', 'header'],
    default: 'hmac',
  },
  header: {
    type: 'string',
    description: 'The header of the signature or the token.',
    pattern: HEADER,
    default: 'x-signature',
  },
  hash: { type: 'choice', description: 'The hash.', choices: ['sha256', 'sha1', 'sha512'], default: 'sha256' },
  encoding: {
    type: 'choice',
    description: 'How the signature is written.',
    choices: ['hex', 'base64', 'base64url'],
    default: 'hex',
  },
  prefix: { type: 'string', description: 'The text before the signature: `sha256=`.', pattern: /^[\w.:=-]{1,40}$/ },
  key: {
    type: 'choice',
    description: 'The bytes that the text of the secret stands for: its own bytes, or those that it encodes.',
    choices: ['utf8', 'hex', 'base64'],
    default: 'utf8',
  },
  timestampHeader: {
    type: 'string',
    description: 'The header of the timestamp, if it is signed before the body.',
    pattern: HEADER,
  },
  timestampUnit: {
    type: 'choice',
    description: 'Seconds or milliseconds since the epoch, or ISO 8601 with a zone.',
    choices: ['s', 'ms', 'iso'],
    default: 's',
  },
  separator: {
    type: 'choice',
    description: 'The bytes that are signed between the timestamp and the body.',
    choices: ['.', ':', 'none'],
    default: '.',
  },
  toleranceSeconds: {
    type: 'integer',
    description: 'Seconds by which the timestamp may be off, either way.',
    default: 300,
    min: 1,
    max: 86_400,
  },
  identity: {
    type: 'choice',
    description:
      'The name of an event: an id; or nothing, so that two equal bodies are one event; or the signed timestamp beside the body, if equal bodies can be two events.',
    choices: ['id', 'body hash', 'body hash and timestamp'],
    default: 'id',
  },
  idHeader: { type: 'string', description: 'The header of the id. Default: it is in the body.', pattern: HEADER },
  idField: {
    type: 'string',
    description: 'The field of the id in the body, a path such as `data.id`.',
    pattern: PATH,
    default: 'id',
  },
  typeHeader: { type: 'string', description: 'The header of the type. Default: it is in the body.', pattern: HEADER },
  typeField: {
    type: 'string',
    description: 'The field of the type in the body, a path such as `data.type`.',
    pattern: PATH,
    default: 'type',
  },
  attemptFields: {
    type: 'string',
    description:
      'The fields of a JSON body that say which attempt this is, paths with commas between them, such as `attempt,meta.sentAt`: a retry that differs in them alone is the same event.',
    pattern: PATHS,
  },
} as const satisfies Readonly<Record<string, OptionSpec>>;
