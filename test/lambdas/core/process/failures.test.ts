import { describe, expect, it } from '@jest/globals';
import { runInNewContext } from 'node:vm';
import { encodeMessage } from '../../../../lambdas/core/message.ts';
import { failureReason, PermanentError } from '../../../../lambdas/core/permanent-error.ts';
import { kindOf } from '../../../../lambdas/core/process/tries-window.ts';
import { processBatch } from '../../../../lambdas/core/process/process.ts';
import {
  makeEvent,
  MemoryArchive,
  MemoryBodies,
  MemoryLedger,
  memoryRetries,
  recordingObserver,
} from '../in-memory.ts';

function setUp(fail: () => Error | undefined) {
  const ledger = new MemoryLedger(() => Date.parse('2026-01-02T03:04:06.000Z'));
  const observer = recordingObserver();
  const retried = memoryRetries();
  let invocations = 0;
  const process = (more: { readonly sentAt?: number; readonly copies?: number } = {}) => {
    const { copies = 1, ...rest } = more;
    const one = { id: 'm1', text: encodeMessage(makeEvent()), ...rest };
    return processBatch(
      Array.from({ length: copies }, () => one),
      {
        ...{ ...retried, ledger, observer, clock: ledger.clock, leaseMs: 40_000, owner: `request-${++invocations}` },
        ...{ bodies: new MemoryBodies(), archive: new MemoryArchive(), archivedIn: 'place' },
        handle: (tasks) =>
          tasks.map(() => {
            const error = fail();
            return error ? Promise.reject(error) : Promise.resolve();
          }),
      },
    );
  };
  return { ledger, observer, process, ...retried };
}

const text = encodeMessage(makeEvent());

it.each([{ toString: 1 }, undefined, 1, ['a']])(
  'a permanent error with anything as its message has a reason: %j',
  (message) => {
    const error = Object.assign(new PermanentError(''), { message });
    expect(failureReason(error)).toBe('permanent: no reason given');
  },
);

describe('a failed try', () => {
  it('comes back by the schedule, and is a dead letter after the last one', async () => {
    const { process, retries, ledger } = setUp(() => new RangeError('x'));
    for (let tries = 1; tries < 5; tries++) expect(await process()).toEqual(['m1']);
    expect(retries.delays.map(({ seconds }) => seconds)).toEqual([10, 20, 40, 60]);
    expect(retries.deadLetters).toEqual([]);
    expect(await process()).toEqual([]);
    expect(retries.deadLetters).toEqual([text]);
    expect(ledger.find(makeEvent())).toMatchObject({ status: 'QUEUED', failures: Array(5).fill('RangeError') });
    expect(ledger.find(makeEvent())?.leaseOwner).toBeUndefined();
  });

  it('has all of its tries again when it was redriven', async () => {
    const { process, retries } = setUp(() => new RangeError('x'));
    for (let tries = 0; tries < 5; tries++) await process();
    for (let tries = 1; tries < 5; tries++) expect(await process()).toEqual(['m1']);
    expect(await process()).toEqual([]);
    expect(retries.deadLetters).toEqual([text, text]);
  });

  it('is the last one if the queue would delete the message before another', async () => {
    const { process, retries, ledger } = setUp(() => new RangeError('x'));
    const tenDays = 10 * 86_400_000;
    expect(await process({ sentAt: ledger.clock() - tenDays })).toEqual([]);
    expect(retries.deadLetters).toEqual([text]);
  });

  it('comes back if it cannot be put into the dead-letter queue, and when its delay cannot be set', async () => {
    const { process, retries, observer } = setUp(() => new PermanentError('no'));
    retries.giveUp = () => Promise.reject(Object.assign(new Error('x'), { name: 'SlowDown' }));
    expect(await process()).toEqual(['m1']);
    expect(observer.seen).toContain('retryFailed:SlowDown');
    const other = setUp(() => new RangeError('x'));
    other.retries.delay = () => Promise.reject(new Error('x'));
    expect(await other.process()).toEqual(['m1']);
    expect(other.observer.seen).toContain('retryFailed:Error');
  });

  it('is decided on once if SQS hands the message out twice in one batch', async () => {
    const { process, retries } = setUp(() => new PermanentError('no'));
    expect(await process({ copies: 2 })).toEqual([]);
    expect(retries.deadLetters).toEqual([text]);
  });
});

/** The errors that Node and its clients throw of what they do not reach, as far as they can be made without a network. */
describe('the reason of a failed call', () => {
  const coded = (code: unknown, more: object = {}): Error =>
    Object.assign(new Error('connect 10.0.0.1'), { code }, more);
  const wrapped = (cause: unknown): Error => new TypeError('fetch failed', { cause });

  it.each<[error: Error, reason: string]>([
    [coded('ECONNREFUSED'), 'Error ECONNREFUSED'],
    [wrapped(coded('ENOTFOUND')), 'TypeError ENOTFOUND'],
    [wrapped(wrapped(coded('ECONNRESET'))), 'TypeError ECONNRESET'],
    [wrapped(new AggregateError([coded('ECONNREFUSED')])), 'TypeError ECONNREFUSED'],
    [coded('UND_ERR_SOCKET', { name: 'SocketError' }), 'SocketError UND_ERR_SOCKET'],
    [coded('ECONNREFUSED', { name: 'http_connection_ECONNREFUSED' }), 'http_connection_ECONNREFUSED'],
  ])('has the code of what it comes from, and is of one kind', (error, reason) => {
    expect(failureReason(error)).toBe(reason);
    expect(kindOf(reason)).toBe('unreachable');
  });

  it.each([23, 'patient 4711', 'ab', '12345', 'A'.repeat(40), 'PATIENT-4711', '', null, {}])(
    'has no code but a constant: %j',
    (code) => expect(failureReason(coded(code))).toBe('Error'),
  );

  it('is looked for in few causes: a chain of them can be a circle', () => {
    const error = new Error('x');
    error.cause = new AggregateError([error, error], 'x', { cause: error });
    expect(failureReason(error)).toBe('Error');
  });
});

describe('a permanent failure', () => {
  it('is a dead letter at once: the ledger has the reason, and no log has it', async () => {
    const { process, retries, ledger, observer } = setUp(() => new PermanentError('no such patient'));
    expect(await process()).toEqual([]);
    expect(retries).toMatchObject({ deadLetters: [text], delays: [] });
    expect(ledger.find(makeEvent())?.failures).toEqual(['permanent: no such patient']);
    expect(observer.seen).toEqual(['failed:PermanentError', 'deadLetter']);
  });

  class Invalid extends PermanentError {
    constructor(message?: string) {
      super(message);
      Object.defineProperty(this, 'name', { value: new.target.name });
    }
  }
  const { Copied } = runInNewContext(`
    class PermanentError extends Error {}
    class Refused extends PermanentError { name = 'Refused' }
    class Copied extends Refused { name = 'Copied' }
    ({ Copied })`) as { readonly Copied: new (message: string) => Error };

  it.each<[what: string, error: Error]>([
    ['a class that extends it, with a name of its own', new Invalid('no such patient')],
    ['a class that extends a copy of it, by way of another', new Copied('no such patient')],
    ['one whose name was set', Object.defineProperty(new PermanentError('no such patient'), 'name', { value: 'Own' })],
  ])('is also %s', async (_what, error) => {
    const { process, ledger, retries } = setUp(() => error);
    expect(await process()).toEqual([]);
    expect(ledger.find(makeEvent())?.failures).toEqual(['permanent: no such patient']);
    expect(retries.deadLetters).toEqual([text]);
  });

  it.each(['message_too_long', 'body_missing', 'never_settled', 'permanent: x', 'busy', 'waiting'])(
    'is not an error that has a name by which the gateway decides itself: %s',
    async (name) => {
      const { process, ledger, retries, observer } = setUp(() => Object.assign(new Error('x'), { name }));
      expect(await process()).toEqual(['m1']);
      expect(ledger.find(makeEvent())).toMatchObject({ failures: [`error ${name}`], tries: 1 });
      expect(retries).toMatchObject({ deadLetters: [], delays: [{ seconds: 10 }] });
      expect(observer.seen).toEqual([`failed:error ${name}`]);
    },
  );

  it('is looked for in a few classes', () => {
    const endless: object = new Proxy({}, { getPrototypeOf: () => endless, get: () => undefined });
    expect(failureReason(endless)).toBe('object');
  });

  it('is recognised by its name, and its reason is one short line', () => {
    class PermanentError extends Error {
      override readonly name = 'PermanentError';
    }
    expect(failureReason(new PermanentError(' two\n\u0000lines '))).toBe('permanent: two lines');
    expect(failureReason({ name: 'PermanentError', message: 'x'.repeat(500) })).toBe(`permanent: ${'x'.repeat(80)}`);
    expect(failureReason(new PermanentError())).toBe('permanent: no reason given');
    const Own = { PermanentError: class PermanentError extends Error {} };
    expect(failureReason(new Own.PermanentError('by its class'))).toBe('permanent: by its class');
    expect(failureReason(Object.create(null))).toBe('object');
    expect([new RangeError('x'), 'text', undefined].map(failureReason)).toEqual(['RangeError', 'string', 'undefined']);
  });
});
