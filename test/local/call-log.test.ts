import { expect, it } from '@jest/globals';
import { callLog } from '../../local/call-log.ts';

it('keeps the last calls, and forgets the oldest', () => {
  const log = callLog(3);
  for (let status = 1; status <= 100; status++) log.add({ service: 'sqs', action: 'SendMessage', status });
  expect(log.list().map(({ status }) => status)).toEqual([98, 99, 100]);
});
