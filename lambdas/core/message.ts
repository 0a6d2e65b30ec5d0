import { isUtf8 } from 'node:buffer';
import type { Event } from './event.ts';
import { QUARANTINE_REASONS } from './provider.ts';
import type { Result } from './result.ts';
import { ok, refuse } from './result.ts';

/**
 * The body of a queue message: the event, with its body as text where that is exact, else as base64. `body.encoding` leaves
 * room for a body that travels by reference.
 */
interface Message extends Omit<Event, 'body'> {
  readonly version: 1;
  readonly body: { readonly encoding: 'utf8' | 'base64'; readonly data: string };
}

/** The event as the text of a queue message. */
export function encodeMessage(event: Event): string {
  const { body, ...rest } = event;
  // A text full of characters that JSON escapes is longer than its base64.
  const text = isUtf8(body) ? body.toString('utf8') : undefined;
  const encoded: Message['body'] =
    text !== undefined && Buffer.byteLength(JSON.stringify(text)) <= Math.ceil(body.length / 3) * 4
      ? { encoding: 'utf8', data: text }
      : { encoding: 'base64', data: body.toString('base64') };
  return JSON.stringify({ version: 1, ...rest, body: encoded } satisfies Message);
}

/** Why a queue message cannot be read. */
export type MessageFault = 'not_json' | 'unknown_version' | 'malformed';

/** The event in a queue message; never throws. */
export function decodeMessage(text: string): Result<Event, MessageFault> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return refuse('not_json');
  }
  if (typeof value !== 'object' || value === null) return refuse('malformed');
  if (!('version' in value) || value.version !== 1) return refuse('unknown_version');
  if (!isMessage(value)) return refuse('malformed');
  const { version, body, ...rest } = value;
  return ok({ ...rest, body: Buffer.from(body.data, body.encoding) });
}

const REQUIRED = ['source', 'provider', 'key', 'type', 'receivedAt', 'via', 'contentType', 'bodyHash'] as const;

function isMessage(value: object): value is Message {
  const message = value as Partial<Record<string, unknown>>;
  const body = message.body as Partial<Message['body']> | null | undefined;
  return (
    REQUIRED.every((name) => typeof message[name] === 'string') &&
    typeof message.evidence === 'object' &&
    message.evidence !== null &&
    (message.reconcileKey === undefined || typeof message.reconcileKey === 'string') &&
    (message.quarantine === undefined || QUARANTINE_REASONS.some((reason) => reason === message.quarantine)) &&
    typeof body?.data === 'string' &&
    (body.encoding === 'utf8' || body.encoding === 'base64')
  );
}
