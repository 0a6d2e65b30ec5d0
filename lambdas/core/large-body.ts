import type { Event } from './event.ts';
import { sha256 } from './hash.ts';
import { hasBody } from './message.ts';
import type { QueuedEvent } from './message.ts';
import type { BodyStore, StorableBody } from './ports.ts';
import type { Result } from './result.ts';
import { ok, refuse } from './result.ts';

/** The prefix of the object keys of a source's bodies. */
export const bodyPrefix = (source: string): string => `bodies/${source}/`;

/** A body's object key. It is made of the event and the content alone, so that a retry writes the same object again. */
export const bodyKey = ({ source, key, bodyHash }: Omit<StorableBody, 'body'>): string =>
  `${bodyPrefix(source)}${sha256(key)}/${bodyHash}`;

/** Why a body that a message refers to cannot be read. */
export type BodyFault = 'body_missing' | 'body_altered';

/** The event with its body, wherever the body is. Rejects if the store does not answer. */
export async function withBody(event: QueuedEvent, bodies: Pick<BodyStore, 'get'>): Promise<Result<Event, BodyFault>> {
  if (hasBody(event)) return ok(event);
  const body = await bodies.get(event.body.key);
  if (!body) return refuse('body_missing');
  return sha256(body) === event.bodyHash ? ok({ ...event, body }) : refuse('body_altered');
}
