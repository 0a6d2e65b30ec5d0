import { EACH, eachOf } from '../../lambdas/core/batch.ts';
import { JSON_VALUE } from '../../lambdas/core/content.ts';
import { defineProvider } from '../../lambdas/core/provider.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import { readId, readText } from '../../lambdas/core/schemes/fields.ts';
import { hmac } from '../../lambdas/core/schemes/hmac.ts';

/** A provider whose deliveries are JSON arrays of events: nothing of a real one beside that matters to the explorer. */
export const batching: Provider = defineProvider({
  ...{ name: 'batching', title: 'Batching', documents: { source: 'the explorer', confidence: 'confirmed' } },
  methods: ['POST'],
  scheme: hmac({
    ...{ hash: 'sha256', key: 'utf8', signed: ['body'] },
    signature: { header: 'x-signature', encoding: 'hex' },
  }),
  secret: { madeBy: 'provider' },
  ...{ identity: 'body', content: [JSON_VALUE], batches: true },
  ...{ rejectionStatus: 401, retryHorizonSeconds: 0, options: {} },
  readEvents: eachOf([EACH], ({ id, type }) => ({ key: readId(id), type: readText(type) })),
  sample: ({ id }) => JSON.stringify([{ id, type: 't' }]),
});

/** A delivery of events with these ids; a part of it that is not an object is one that nobody can read. */
export const eventsOf = (...ids: readonly (string | number)[]): string =>
  JSON.stringify(ids.map((id) => (typeof id === 'number' ? id : { id, type: 't' })));
