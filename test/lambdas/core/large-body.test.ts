import { describe, expect, it } from '@jest/globals';
import { sha256 } from '../../../lambdas/core/hash.ts';
import { bodyKey, withBody } from '../../../lambdas/core/large-body.ts';
import { decodeMessage, encodeReferring } from '../../../lambdas/core/message.ts';
import type { QueuedEvent } from '../../../lambdas/core/message.ts';
import { makeEvent, MemoryBodies } from './in-memory.ts';

const event = makeEvent({ body: Buffer.from([0x7b, 0xff, 0xfe]) });

/** The event as it comes out of a queue that holds it by reference. */
function referring(key: string): QueuedEvent {
  const { body, ...head } = event;
  const message = decodeMessage(encodeReferring(head, key));
  if (!message.ok) throw new Error(message.reason);
  return message.value;
}

describe("a large body's key", () => {
  it('is below its source, and says nothing of the event', () => {
    expect(bodyKey(event)).toBe(`bodies/osigu/${sha256('evt_1')}/${event.bodyHash}`);
  });

  it('is the same for a retry, and another for another source, event or body', () => {
    const others = [{}, { source: 'nabla' }, { key: 'evt_2' }, { body: Buffer.from('{}') }].map((changes) =>
      bodyKey(makeEvent({ body: event.body, ...changes })),
    );
    expect(others[0]).toBe(bodyKey(event));
    expect(new Set(others).size).toBe(4);
  });
});

describe('an event with its body', () => {
  it('is the one that was stored, byte by byte', async () => {
    const bodies = new MemoryBodies();
    expect(await withBody(referring(await bodies.put(event)), bodies)).toEqual({ ok: true, value: event });
  });

  it('asks no store where the body is in the message', async () => {
    const get = () => Promise.reject(new Error('asked'));
    expect(await withBody(event, { get })).toEqual({ ok: true, value: event });
  });

  it('cannot be had where the object is missing', async () => {
    expect(await withBody(referring('gone'), new MemoryBodies())).toEqual({ ok: false, reason: 'body_missing' });
  });

  it('cannot be had where the object holds other bytes', async () => {
    const get = () => Promise.resolve(Buffer.from('{}'));
    expect(await withBody(referring('k'), { get })).toEqual({ ok: false, reason: 'body_altered' });
  });
});
