import { describe, expect, it } from '@jest/globals';
import { failedMessages } from '../../local/batch-answer.ts';

const IDS = ['a', 'b', 'c'];
const failedOf = (answer: unknown, reports = true): string[] => [
  ...failedMessages({ ok: true, payload: JSON.stringify(answer) }, IDS, reports),
];
const items = (...ids: unknown[]) => ({ batchItemFailures: ids.map((itemIdentifier) => ({ itemIdentifier })) });

describe('the failed messages of a batch', () => {
  it.each([null, {}, { batchItemFailures: [] }, { batchItemFailures: null }])('are none for %j', (answer) => {
    expect(failedOf(answer)).toEqual([]);
  });

  it('are those that the answer names', () => {
    expect(failedOf(items('b'))).toEqual(['b']);
    expect(failedOf(items('a', 'c', 'a'))).toEqual(['a', 'c']);
  });

  it.each([
    ['done'],
    [42],
    [[]],
    [{ batchItemFailures: 'a' }],
    [{ batchItemFailures: ['a'] }],
    [{ batchItemFailures: [{ id: 'a' }] }],
    [items('')],
    [items(null)],
    [items('a', 'unknown')],
  ])('are all of them for the malformed answer %j', (answer) => {
    expect(failedOf(answer)).toEqual(IDS);
  });

  it('are all of them if the invocation failed', () => {
    const result = { ok: false, error: { errorType: 'Error', errorMessage: '' } } as const;
    expect([...failedMessages(result, IDS, true)]).toEqual(IDS);
    expect([...failedMessages(result, IDS, false)]).toEqual(IDS);
  });

  it('are none if the mapping does not take reports', () => {
    expect(failedOf(items('a'), false)).toEqual([]);
  });
});
