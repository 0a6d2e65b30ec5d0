import { encodeKey } from '../event-key.ts';
import { sha256 } from '../hash.ts';
import { sourceOf } from '../target.ts';
import type { Task } from './handle.ts';

/**
 * A name of the event for a service that makes one of two requests with one name: 64 hex digits, the same for each try. An event
 * that is processed again by order is another request.
 */
export const nameOf = ({ event: { source, key, keyKind }, order }: Pick<Task, 'event' | 'order'>): string =>
  sha256([sourceOf(source), encodeKey({ key, ...(keyKind && { keyKind }) }), order ?? ''].join('\n'));

/** The group of a FIFO queue or topic, and the partition key of a stream: the event's line, or the event alone if it has none. */
export const groupOf = (task: Pick<Task, 'event' | 'order' | 'line'>): string => task.line ?? nameOf(task);
