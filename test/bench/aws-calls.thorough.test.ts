import { expect, it } from '@jest/globals';
import { countAwsCalls } from '../../bench/aws-calls/part.ts';

it('npm run bench -- aws-calls counts two writes and a message for a new event, and none for a forgery', async () => {
  const { tables } = await countAwsCalls();
  const rows = new Map(tables.flatMap(({ rows: all }) => all.map(([what = '', calls]) => [what, calls] as const)));
  expect(rows.get('a new event')).toBe('2 dynamodb UpdateItem, 1 sqs SendMessage');
  expect(rows.get('a forgery')).toBe('none');
}, 400_000);
