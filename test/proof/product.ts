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
  readonly rotate: typeof import('../../lambdas/core/rotate.ts').rotate;
  readonly authorizedHttp: typeof import('../../lambdas/core/oauth.ts').authorizedHttp;
  readonly credentialsSecret: typeof import('../../lambdas/adapters/credentials.ts').credentialsSecret;
  readonly secretVault: typeof import('../../lambdas/adapters/secret-vault.ts').secretVault;
  readonly cachedSecrets: typeof import('../../lambdas/adapters/secrets.ts').cachedSecrets;
  readonly optum: typeof import('../../lambdas/providers/optum.ts').optum;
  readonly nvsep: typeof import('../../lambdas/providers/nvsep.ts').nvsep;
}

/** Loads the product from a folder that holds `lambdas/`: the repository, or a mutant of it. */
export async function loadProduct(root: string): Promise<Product> {
  const load = <Module>(path: string): Promise<Module> =>
    import(pathToFileURL(join(root, 'lambdas', path)).href) as Promise<Module>;
  return {
    ...(await load<typeof import('../../lambdas/core/receive.ts')>('core/receive.ts')),
    ...(await load<typeof import('../../lambdas/core/process.ts')>('core/process.ts')),
    ...(await load<typeof import('../../lambdas/core/message.ts')>('core/message.ts')),
    ...(await load<typeof import('../../lambdas/adapters/ledger.ts')>('adapters/ledger.ts')),
    ...(await load<typeof import('../../lambdas/adapters/queue.ts')>('adapters/queue.ts')),
    ...(await load<typeof import('../../lambdas/adapters/body-store.ts')>('adapters/body-store.ts')),
    ...(await load<typeof import('../../lambdas/core/poll.ts')>('core/poll.ts')),
    ...(await load<typeof import('../../lambdas/adapters/cursor.ts')>('adapters/cursor.ts')),
    ...(await load<typeof import('../../lambdas/core/rotate.ts')>('core/rotate.ts')),
    ...(await load<typeof import('../../lambdas/core/oauth.ts')>('core/oauth.ts')),
    ...(await load<typeof import('../../lambdas/adapters/credentials.ts')>('adapters/credentials.ts')),
    ...(await load<typeof import('../../lambdas/adapters/secret-vault.ts')>('adapters/secret-vault.ts')),
    ...(await load<typeof import('../../lambdas/adapters/secrets.ts')>('adapters/secrets.ts')),
    ...(await load<typeof import('../../lambdas/providers/nvsep.ts')>('providers/nvsep.ts')),
    ...(await load<typeof import('../../lambdas/providers/optum.ts')>('providers/optum.ts')),
  };
}
