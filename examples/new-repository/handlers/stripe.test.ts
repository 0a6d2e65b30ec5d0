import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventFor } from '../../../package/testing.ts';
import { handler } from './stripe.ts';

void test('an event is handled', async () => {
  await handler(eventFor('stripe'));
});

void test('a body that is not a JSON object is not tried again', async () => {
  const { json, ...event } = eventFor('stripe');
  assert.ok(json);
  await assert.rejects(handler(event), { name: 'PermanentError' });
});
