import { handler } from '#customer-handler';
import type { HandleBatch } from '../core/process/handle.ts';

/** Runs a customer's handler for each event of the batch: side by side, none failing another. */
export const handleBatch: HandleBatch = (events) =>
  Promise.allSettled(
    events.map(async (event) => {
      await handler(event);
    }),
  );
