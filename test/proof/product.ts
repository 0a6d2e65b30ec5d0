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
  readonly releaseEvents: typeof import('../../lib/ops/quarantine/release.ts').releaseEvents;
  readonly dropEvents: typeof import('../../lib/ops/quarantine/drop.ts').dropEvents;
  readonly replay: typeof import('../../lib/ops/replay/command.ts').replay;
  readonly redrive: typeof import('../../lib/ops/redrive.ts').redrive;
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

/**
 * Loads the product from a folder that holds `lambdas/`: the repository, or a mutant of it; the operator's commands from one
 * that holds `lib/` too.
 */
export async function loadProduct(root: string, operatorsRoot = root): Promise<Product> {
  const load = <Module>(path: string, from = root): Promise<Module> =>
    import(pathToFileURL(join(from, path)).href) as Promise<Module>;
  return {
    ...(await load<typeof import('../../lambdas/core/receive.ts')>('lambdas/core/receive.ts')),
    ...(await load<typeof import('../../lambdas/core/process.ts')>('lambdas/core/process.ts')),
    ...(await load<typeof import('../../lambdas/core/message.ts')>('lambdas/core/message.ts')),
    ...(await load<typeof import('../../lambdas/adapters/ledger.ts')>('lambdas/adapters/ledger.ts')),
    ...(await load<typeof import('../../lambdas/adapters/queue.ts')>('lambdas/adapters/queue.ts')),
    ...(await load<typeof import('../../lambdas/adapters/body-store.ts')>('lambdas/adapters/body-store.ts')),
    ...(await load<typeof import('../../lib/ops/quarantine/release.ts')>(
      'lib/ops/quarantine/release.ts',
      operatorsRoot,
    )),
    ...(await load<typeof import('../../lib/ops/quarantine/drop.ts')>('lib/ops/quarantine/drop.ts', operatorsRoot)),
    ...(await load<typeof import('../../lib/ops/replay/command.ts')>('lib/ops/replay/command.ts', operatorsRoot)),
    ...(await load<typeof import('../../lib/ops/redrive.ts')>('lib/ops/redrive.ts', operatorsRoot)),
    ...(await load<typeof import('../../lambdas/core/poll.ts')>('lambdas/core/poll.ts')),
    ...(await load<typeof import('../../lambdas/adapters/cursor.ts')>('lambdas/adapters/cursor.ts')),
    ...(await load<typeof import('../../lambdas/core/rotate.ts')>('lambdas/core/rotate.ts')),
    ...(await load<typeof import('../../lambdas/core/oauth.ts')>('lambdas/core/oauth.ts')),
    ...(await load<typeof import('../../lambdas/adapters/credentials.ts')>('lambdas/adapters/credentials.ts')),
    ...(await load<typeof import('../../lambdas/adapters/secret-vault.ts')>('lambdas/adapters/secret-vault.ts')),
    ...(await load<typeof import('../../lambdas/adapters/secrets.ts')>('lambdas/adapters/secrets.ts')),
    ...(await load<typeof import('../../lambdas/providers/nvsep.ts')>('lambdas/providers/nvsep.ts')),
    ...(await load<typeof import('../../lambdas/providers/optum.ts')>('lambdas/providers/optum.ts')),
  };
}
