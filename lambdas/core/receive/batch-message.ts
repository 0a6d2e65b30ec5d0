import type { Event, EventPart } from '../event.ts';
import { keyOfBatch } from '../event-key.ts';
import { sha256 } from '../hash.ts';

/** The most events that one message stands for, and the most bytes of their description: a message holds 1 MiB. */
const MAX_PARTS = 1000;
const MAX_BYTES = 400_000;

/**
 * A delivery of several events as one message, or as few as hold them. The delivery is safe as a whole, and its events are told
 * apart behind the queue. Each part says what its event is, so that whoever splits the message needs to know nothing of the
 * provider. `body` is the whole delivery's, and each event's body is a part of it.
 */
export function batchesOf(events: readonly Event[], body: Buffer): readonly Event[] {
  const [first] = events;
  if (!first) return [];
  const { source, provider, receivedAt, via, contentType, evidence, coverage } = first;
  const bodyHash = sha256(body);
  return chunks(events.map((event) => partOf(event, body))).map((parts) => ({
    ...{ source, provider, receivedAt, via, contentType, evidence, body, bodyHash, type: 'batch', parts },
    ...keyOfBatch(bodyHash),
    ...(coverage && { coverage }),
  }));
}

function chunks(parts: readonly EventPart[]): EventPart[][] {
  const found: EventPart[][] = [];
  let bytes = Infinity;
  for (const part of parts) {
    const size = Buffer.byteLength(JSON.stringify(part));
    const last = found.at(-1);
    if (last && last.length < MAX_PARTS && bytes + size <= MAX_BYTES) {
      last.push(part);
      bytes += size;
    } else {
      found.push([part]);
      bytes = size;
    }
  }
  return found;
}

function partOf(event: Event, whole: Buffer): EventPart {
  const { key, keyKind, type, time, bodyHash, fingerprint, reconcileKey, quarantine, pointer, unsignedId, body } =
    event;
  const start = body.byteOffset - whole.byteOffset;
  return {
    ...{ key, type, bodyHash, at: [start, start + body.length] },
    ...(keyKind && { keyKind }),
    ...(time !== undefined && { time }),
    ...(fingerprint !== undefined && { fingerprint }),
    ...(reconcileKey !== undefined && { reconcileKey }),
    ...(quarantine && { quarantine }),
    ...(pointer !== undefined && { pointer }),
    ...(unsignedId && { unsignedId }),
  };
}

/** The events of such a message, each with its own body. */
export function eventsOfBatch({ parts = [], key: _key, keyKind: _kind, body, ...whole }: Event): readonly Event[] {
  return parts.map(({ at, ...part }) => ({ ...whole, ...part, body: body.subarray(...at) }));
}
