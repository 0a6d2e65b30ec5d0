import { isUtf8 } from 'node:buffer';
import type { Event, EventHead } from './event.ts';
import { QUARANTINE_REASONS } from './envelope.ts';
import { KEY_KINDS } from './event-key.ts';
import type { Result } from './result.ts';
import { ok, refuse } from './result.ts';

/** A body that is in the body store. */
export interface BodyReference {
  readonly encoding: 's3';
  /** The object's key. */
  readonly key: string;
}

interface InlineBody {
  readonly encoding: 'utf8' | 'base64';
  readonly data: string;
}

/**
 * The text of a queue message, and a line of the archive: the event with its body. The body is a text if that is exact, else
 * base64; if it is too large for a message, it is a reference.
 */
interface Message extends EventHead {
  readonly version: 1;
  readonly body: InlineBody | BodyReference;
}

/** An event whose body is too large for a message. */
export interface ReferringEvent extends EventHead {
  readonly body: BodyReference;
}

/** An event as a queue holds it. */
export type QueuedEvent = Event | ReferringEvent;

export const hasBody = (event: QueuedEvent): event is Event => Buffer.isBuffer(event.body);

/** The event as text, its body included. */
export function encodeMessage({ body, ...head }: Event): string {
  const text = isUtf8(body) ? toJson(body.toString('utf8')) : undefined;
  // A text full of characters that JSON escapes is longer than its base64.
  const encoded =
    text !== undefined && Buffer.byteLength(text) <= Math.ceil(body.length / 3) * 4
      ? `{"encoding":"utf8","data":${text}}`
      : toJson({ encoding: 'base64', data: body.toString('base64') } satisfies InlineBody);
  // The body is JSON already: making JSON of it once more would take as long again.
  const start = toJson({ version: 1, ...head } satisfies Omit<Message, 'body'>);
  return `${start.slice(0, -1)},"body":${encoded}}`;
}

/** The event as text, its body included; undefined if that has more than `maxBytes`. */
export function encodeWithin(event: Event, maxBytes: number): string | undefined {
  if (event.body.length > maxBytes) return undefined;
  const text = encodeMessage(event);
  return Buffer.byteLength(text) <= maxBytes ? text : undefined;
}

/** The event as text, its body by reference. */
export const encodeReferring = (event: EventHead, key: string): string =>
  toJson({ version: 1, ...event, body: { encoding: 's3', key } } satisfies Message);

/** SQS puts another character in the place of these two, which no JSON text has to hold as they are. */
const toJson = (value: string | object): string =>
  JSON.stringify(value).replaceAll('\uFFFE', '\\ufffe').replaceAll('\uFFFF', '\\uffff');

/** Why a queue message cannot be read. */
export type MessageFault = 'not_json' | 'unknown_version' | 'malformed';

/** The event in a queue message; never throws. */
export function decodeMessage(text: string): Result<QueuedEvent, MessageFault> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('not_json');
  }
  if (typeof value !== 'object' || value === null) return refuse('malformed');
  if (!('version' in value) || value.version !== 1) return refuse('unknown_version');
  if (!isMessage(value)) return refuse('malformed');
  const { version, body, ...head } = value;
  return ok(body.encoding === 's3' ? { ...head, body } : { ...head, body: Buffer.from(body.data, body.encoding) });
}

const REQUIRED = ['source', 'provider', 'key', 'type', 'receivedAt', 'via', 'contentType', 'bodyHash'] as const;

function isMessage(value: object): value is Message {
  const message = value as Partial<Record<string, unknown>>;
  return (
    REQUIRED.every((name) => typeof message[name] === 'string') &&
    (message.keyKind === undefined || KEY_KINDS.some((kind) => kind === message.keyKind)) &&
    typeof message.evidence === 'object' &&
    message.evidence !== null &&
    (message.reconcileKey === undefined || typeof message.reconcileKey === 'string') &&
    isOrder(message.replay) &&
    (message.parts === undefined || (Array.isArray(message.parts) && message.parts.every(isPart))) &&
    (message.quarantine === undefined || QUARANTINE_REASONS.some((reason) => reason === message.quarantine)) &&
    isBody(message.body)
  );
}

function isPart(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { key, type, bodyHash, at } = value as Partial<Record<string, unknown>>;
  const isSlice = Array.isArray(at) && at.length === 2 && at.every((edge) => Number.isSafeInteger(edge) && edge >= 0);
  return [key, type, bodyHash].every((text) => typeof text === 'string') && isSlice;
}

function isOrder(value: unknown): boolean {
  if (value === undefined) return true;
  if (typeof value !== 'object' || value === null) return false;
  const { id, at, by } = value as Partial<Record<string, unknown>>;
  return [id, at, by].every((part) => typeof part === 'string');
}

function isBody(value: unknown): value is Message['body'] {
  if (typeof value !== 'object' || value === null) return false;
  const { encoding, data, key } = value as Partial<Record<string, unknown>>;
  return encoding === 's3'
    ? typeof key === 'string'
    : (encoding === 'utf8' || encoding === 'base64') && typeof data === 'string';
}
