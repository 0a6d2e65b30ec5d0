import { describe, expect, it } from '@jest/globals';
import { faults } from '../../local/faults.ts';
import type { Fault } from '../../local/faults.ts';
import { answerWithFault } from '../../local/answer-with-fault.ts';

const CALL = { service: 'sqs', action: 'SendMessage', function: 'Verifier', body: Buffer.from('{"a":":processed"}') };

describe('a rule', () => {
  it('meets the part of the calls that its probability says', () => {
    const numbers = [0.1, 0.6, 0.29, 0.3];
    const rules = faults(() => numbers.shift() ?? 1);
    rules.add({ service: 'sqs', probability: 0.3, times: 100 });
    const met = Array.from({ length: 4 }, () => rules.take(CALL) !== undefined);
    expect(met).toEqual([true, false, true, false]);
  });

  it('can tell calls apart by what they contain', () => {
    const rules = faults();
    rules.add({ service: 'sqs', contains: ':processed', times: 2 });
    expect(rules.take({ ...CALL, body: Buffer.from('{}') })).toBeUndefined();
    expect(rules.take(CALL)).toMatchObject({ kind: 'error', after: false, status: 500 });
  });
});

describe('a call that meets a fault', () => {
  const request = { ...CALL, method: 'POST', path: '/', headers: {} };

  async function meet(fault: Partial<Fault>) {
    const done: string[] = [];
    const run = () => {
      done.push('done');
      return { status: 200, headers: {}, body: 'answer' };
    };
    const gone = () => Promise.resolve(void done.push('given up'));
    const rule = { kind: 'error', after: false, status: 503, code: 'Busy', delayMs: 20, ...fault } as const;
    const started = performance.now();
    const answer = await answerWithFault(rule, request, run, gone);
    return { done, status: answer?.status, slow: performance.now() - started > 15 };
  }

  it.each<[Partial<Fault>, object]>([
    [{ kind: 'error' }, { done: [], status: 503, slow: false }],
    [
      { kind: 'error', after: true },
      { done: ['done'], status: 503, slow: false },
    ],
    [{ kind: 'reset' }, { done: [], status: undefined, slow: false }],
    [
      { kind: 'reset', after: true },
      { done: ['done'], status: undefined, slow: false },
    ],
    [{ kind: 'timeout' }, { done: ['given up'], status: undefined, slow: false }],
    [
      { kind: 'timeout', after: true },
      { done: ['done', 'given up'], status: undefined, slow: false },
    ],
    [{ kind: 'slow' }, { done: ['done'], status: 200, slow: true }],
    [
      { kind: 'slow', after: true },
      { done: ['done'], status: 200, slow: true },
    ],
  ])('%j', async (fault, outcome) => {
    expect(await meet(fault)).toEqual(outcome);
  });

  it('on S3 fails as S3 does', async () => {
    const rule = { kind: 'error', after: false, status: 503, code: 'SlowDown', delayMs: 1 } as const;
    const never = () => Promise.reject(new Error('not to be called'));
    const answer = await answerWithFault(rule, { ...request, service: 's3' }, never, never);
    expect(answer?.body).toContain('<Code>SlowDown</Code>');
  });
});
