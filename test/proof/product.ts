import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The product's own code, as the explorer runs it: the use cases and the AWS adapters under them. */
export interface Product {
  readonly receive: typeof import('../../lambdas/core/receive.ts').receive;
  readonly processBatch: typeof import('../../lambdas/core/process.ts').processBatch;
  readonly decodeMessage: typeof import('../../lambdas/core/message.ts').decodeMessage;
  readonly dynamoLedger: typeof import('../../lambdas/adapters/ledger.ts').dynamoLedger;
  readonly sqsQueue: typeof import('../../lambdas/adapters/queue.ts').sqsQueue;
  readonly bodyStore: typeof import('../../lambdas/adapters/body-store.ts').bodyStore;
  readonly poll: typeof import('../../lambdas/core/poll.ts').poll;
  readonly dynamoCursor: typeof import('../../lambdas/adapters/cursor.ts').dynamoCursor;
  readonly optum: typeof import('../../lambdas/providers/optum.ts').optum;
  readonly nvsep: typeof import('../../lambdas/providers/nvsep.ts').nvsep;
}

/** Loads the product from a folder that holds `lambdas/`: the repository, or a mutant of it. */
export async function loadProduct(root: string): Promise<Product> {
  const load = <Module>(path: string): Promise<Module> =>
    import(pathToFileURL(join(root, 'lambdas', path)).href) as Promise<Module>;
  const { receive } = await load<typeof import('../../lambdas/core/receive.ts')>('core/receive.ts');
  const { processBatch } = await load<typeof import('../../lambdas/core/process.ts')>('core/process.ts');
  const { decodeMessage } = await load<typeof import('../../lambdas/core/message.ts')>('core/message.ts');
  const { dynamoLedger } = await load<typeof import('../../lambdas/adapters/ledger.ts')>('adapters/ledger.ts');
  const { sqsQueue } = await load<typeof import('../../lambdas/adapters/queue.ts')>('adapters/queue.ts');
  const { bodyStore } = await load<typeof import('../../lambdas/adapters/body-store.ts')>('adapters/body-store.ts');
  const { poll } = await load<typeof import('../../lambdas/core/poll.ts')>('core/poll.ts');
  const { dynamoCursor } = await load<typeof import('../../lambdas/adapters/cursor.ts')>('adapters/cursor.ts');
  const { nvsep } = await load<typeof import('../../lambdas/providers/nvsep.ts')>('providers/nvsep.ts');
  const { optum } = await load<typeof import('../../lambdas/providers/optum.ts')>('providers/optum.ts');
  return { receive, processBatch, decodeMessage, dynamoLedger, sqsQueue, bodyStore, poll, dynamoCursor, optum, nvsep };
}
