import { describe, expect, it } from '@jest/globals';
import { byReason } from '../../../cli/ops/dead-letters/reasons.ts';

const at = (minute: number): string => `2026-01-02T03:0${minute}:00.000Z`;

describe('dead letters by reason', () => {
  it('are in groups, the most frequent first, and say since when and whether trying again can help', () => {
    const [a, b, c, d] = [
      { id: 'a', reason: 'permanent: no such patient', failedAt: at(1) },
      { id: 'b', reason: 'Unreachable', failedAt: at(3) },
      { id: 'c', reason: 'Unreachable', failedAt: null },
      { id: 'd', reason: 'Unreachable', failedAt: at(2) },
    ] as const;
    expect(byReason([a, b, c, d])).toEqual({
      groups: [
        { reason: 'Unreachable', count: 3, isPermanent: false, firstAt: at(2), lastAt: at(3) },
        { reason: 'permanent: no such patient', count: 1, isPermanent: true, firstAt: at(1), lastAt: at(1) },
      ],
      sorted: [b, c, d, a],
    });
  });

  it('are of no group if there are none', () => {
    expect(byReason([])).toEqual({ groups: [], sorted: [] });
  });

  it('do not make up a time that the ledger does not know', () => {
    expect(byReason([{ reason: 'message_not_json', failedAt: null }]).groups).toEqual([
      { reason: 'message_not_json', count: 1, isPermanent: true, firstAt: null, lastAt: null },
    ]);
  });
});
