import { z } from 'zod';

/** The result of giving messages up: the names of the events, or of messages that cannot be read. */
export const dropped = z.object({
  source: z.string(),
  dropped: z.array(z.string()),
  refused: z.array(z.string()).describe('not dropped'),
});
