import { expect, it } from '@jest/globals';
import { toHandled, toWebhookEvent } from '../../lambdas/core/process/handle.ts';
import { resolveConfig } from '../../lib/config/config.ts';
import { makeEvent } from '../lambdas/core/in-memory.ts';

it('is set by `order: { by }` on a source, and by `newestOnly` beside it', () => {
  const order = { by: 'data.patientId', newestOnly: true };
  expect(resolveConfig({ sources: { optum: { provider: 'optum', order } } }).sources[0]).toMatchObject({ order });
});

it('tells a handler and the bus by `supersededBy` which newer event was handled before, and says nothing otherwise', () => {
  const newer = { key: 'evt_2', time: '2026-01-02T00:00:00.000Z' };
  // The metadata of what is published is all of this but the body.
  expect(toHandled(makeEvent(), newer)).toMatchObject({ key: 'evt_1', supersededBy: newer });
  expect(toWebhookEvent(toHandled(makeEvent(), newer)).supersededBy).toEqual(newer);
  expect(toHandled(makeEvent())).not.toHaveProperty('supersededBy');
});
