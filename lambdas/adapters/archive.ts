import { buffer } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { constants, createGzip, gunzipSync } from 'node:zlib';
import type { Event } from '../core/event.ts';
import { decodeMessage, encodeMessage } from '../core/message.ts';
import type { MessageFault, QueuedEvent } from '../core/message.ts';
import type { Archive } from '../core/ports.ts';
import type { Result } from '../core/result.ts';
import type { Objects } from './s3.ts';

/** The archive in a bucket. A batch is one object: gzip over one line of JSON per event, in the form of a queue message. */
export const s3Archive = (objects: Pick<Objects, 'put'>): Archive => ({
  async keep(place, events) {
    await objects.put(place, await compress(events), { contentType: 'application/gzip' });
  },
});

/** The events of an archived object; each can be read, or not, by itself. */
export const archivedEvents = (compressed: Buffer): Result<QueuedEvent, MessageFault>[] =>
  gunzipSync(compressed).toString('utf8').trimEnd().split('\n').map(decodeMessage);

/**
 * Compresses line by line, because the text of a batch of the largest bodies is long; and fast rather than small, because a
 * function's time costs more than the bytes that it would save.
 */
const compress = (events: readonly Event[]): Promise<Buffer> =>
  pipeline(lines(events), createGzip({ level: constants.Z_BEST_SPEED }), (compressed: AsyncIterable<Buffer>) =>
    buffer(compressed),
  );

function* lines(events: readonly Event[]): Generator<string> {
  for (const event of events) yield `${encodeMessage(event)}\n`;
}
