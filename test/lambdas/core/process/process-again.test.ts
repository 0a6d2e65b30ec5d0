import { describe, expect, it } from '@jest/globals';
import type { Event } from '../../../../lambdas/core/event.ts';
import { decodeMessage, encodeMessage } from '../../../../lambdas/core/message.ts';
import { processBatch } from '../../../../lambdas/core/process/process.ts';
import type { HandleEvents } from '../../../../lambdas/core/process/handle.ts';
import {
  makeEvent,
  MemoryArchive,
  MemoryBodies,
  MemoryLedger,
  memoryRetries,
  recordingObserver,
} from '../in-memory.ts';

const REPLAY = { id: 'replay-1', at: '2026-01-03T00:00:00.000Z', by: 'alice@desk' };

function setUp() {
  const ledger = new MemoryLedger(() => Date.parse('2026-01-02T03:04:06.000Z'));
  const handled: string[] = [];
  const state = { failWith: undefined as Error | undefined };
  const handle: HandleEvents = (tasks) =>
    tasks.map(({ event: { key } }) => {
      handled.push(key);
      return state.failWith ? Promise.reject(state.failWith) : Promise.resolve();
    });
  const process = (events: readonly Event[], owner = 'request-1') =>
    processBatch(
      events.map((event, index) => ({ id: `message-${index}`, text: encodeMessage(event) })),
      {
        ...memoryRetries(),
        ...{ ledger, handle, owner, observer: recordingObserver(), clock: ledger.clock, leaseMs: 40_000 },
        ...{ bodies: new MemoryBodies(), archive: new MemoryArchive(), archivedIn: 'archive/osigu/x.jsonl.gz' },
      },
    );
  return { ledger, handled, state, process };
}

describe('a try that fails', () => {
  it('leaves its reason with the event, and gives it free at once for the next try', async () => {
    const { ledger, handled, state, process } = setUp();
    state.failWith = new RangeError('content of the event');
    expect(await process([makeEvent()])).toEqual(['message-0']);
    expect(await process([makeEvent()], 'request-2')).toEqual(['message-0']);
    expect(ledger.find(makeEvent())?.failures).toEqual(['RangeError', 'RangeError']);
    state.failWith = undefined;
    expect(await process([makeEvent()], 'request-3')).toEqual([]);
    expect(handled).toHaveLength(3);
    expect(ledger.find(makeEvent())?.status).toBe('PROCESSED');
  });

  it('is no failure of an event that another invocation holds', async () => {
    const { ledger, process } = setUp();
    await ledger.lease(makeEvent(), { owner: 'other', until: ledger.clock() + 1000, archivedIn: 'x' });
    expect(await process([makeEvent()])).toEqual(['message-0']);
    expect(ledger.find(makeEvent())).toMatchObject({ leaseOwner: 'other' });
    expect(ledger.find(makeEvent())?.failures).toBeUndefined();
  });

  it('comes back although its reason cannot be written down', async () => {
    const { ledger, state, process } = setUp();
    state.failWith = new Error('x');
    ledger.noteFailure = () => Promise.reject(new Error('the ledger does not answer'));
    expect(await process([makeEvent()])).toEqual(['message-0']);
  });
});

describe('an order to replay', () => {
  const again = { ...makeEvent(), replay: REPLAY };

  it('has an event processed that has been processed, once', async () => {
    const { ledger, handled, process } = setUp();
    await process([makeEvent()]);
    expect(await process([again], 'request-2')).toEqual([]);
    expect(await process([again], 'request-3')).toEqual([]);
    expect(handled).toHaveLength(2);
    expect(ledger.find(again)?.orders).toEqual([REPLAY]);
  });

  it('survives the dead-letter queue: its message is not taken for a copy', async () => {
    const { handled, state, process } = setUp();
    await process([makeEvent()]);
    state.failWith = new Error('x');
    expect(await process([again], 'request-2')).toEqual(['message-0']);
    state.failWith = undefined;
    expect(await process([again], 'request-3')).toEqual([]);
    expect(handled).toHaveLength(3);
  });

  it('waits while another invocation carries it out, and is not dropped meanwhile', async () => {
    const { ledger, handled, process } = setUp();
    await process([makeEvent()]);
    await ledger.lease(again, { owner: 'other', until: ledger.clock() + 1000, archivedIn: 'x' });
    expect(await process([again], 'request-2')).toEqual(['message-0']);
    expect(handled).toHaveLength(1);
  });

  it('takes nothing out of quarantine', async () => {
    const { ledger, handled, process } = setUp();
    await ledger.claim(makeEvent());
    await ledger.markQuarantined(makeEvent());
    expect(await process([again])).toEqual([]);
    expect(handled).toEqual([]);
  });

  it('is a part of the message', () => {
    expect(decodeMessage(encodeMessage(again))).toMatchObject({ ok: true, value: { replay: REPLAY } });
    for (const replay of [null, 1, { id: 'a', at: 'b' }, { ...REPLAY, by: 1 }]) {
      const text = JSON.stringify({ ...(JSON.parse(encodeMessage(makeEvent())) as object), replay });
      expect(decodeMessage(text)).toEqual({ ok: false, reason: 'malformed' });
    }
  });
});
