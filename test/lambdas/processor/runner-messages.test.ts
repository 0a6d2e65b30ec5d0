import { describe, expect, it } from '@jest/globals';
import { isRunnerMessage } from '../../../lambdas/processor/runner-messages.ts';
import type { RunnerMessage } from '../../../lambdas/processor/runner-messages.ts';

describe('a message from the process of a handler', () => {
  it.each<[RunnerMessage]>([
    [{ kind: 'ready' }],
    [{ kind: 'started', place: 0 }],
    [{ kind: 'done', place: 1 }],
    [{ kind: 'failed', place: 1, reason: 'Error' }],
    [{ kind: 'fatal', reason: 'load_Error' }],
    [{ kind: 'console', level: 'info', args: ['a', undefined] }],
  ])('is one of the runner: %j', (message) => {
    expect(isRunnerMessage(message)).toBe(true);
  });

  it.each([
    [null],
    [undefined],
    ['ready'],
    [[]],
    [{}],
    [{ kind: 'other' }],
    [{ kind: 'console' }],
    [{ kind: 'console', level: 'clear', args: [] }],
    [{ kind: 'console', level: '__proto__', args: [] }],
    [{ kind: 'started' }],
    [{ kind: 'failed', place: 0 }],
    [{ kind: 'failed', place: 0, reason: {} }],
    [{ kind: 'fatal' }],
  ])('is one of the handler itself: %j', (message) => {
    expect(isRunnerMessage(message)).toBe(false);
  });
});
