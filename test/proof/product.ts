import { join } from 'node:path';
import { pathToFileURL } from 'node:url';

/** The product's own code, as the explorer runs it: the use cases and the AWS adapters under them. */
export interface Product {
  readonly receive: typeof import('../../lambdas/core/receive/receive.ts').receive;
  readonly processBatch: typeof import('../../lambdas/core/process/process.ts').processBatch;
  readonly fanOut: typeof import('../../lambdas/core/process/fan-out.ts').fanOut;
  readonly splitBatches: typeof import('../../lambdas/core/process/split.ts').splitBatches;
  readonly processGuarded: typeof import('../../lambdas/core/process/guarded.ts').processGuarded;
  readonly repair: typeof import('../../lambdas/core/process/repair.ts').repair;
  readonly Tally: typeof import('../../lambdas/core/process/tally.ts').Tally;
  readonly dynamoBreaker: typeof import('../../lambdas/adapters/breaker.ts').dynamoBreaker;
  readonly runIsolated: typeof import('../../lambdas/core/process/isolated-batch.ts').runIsolated;
  readonly decodeMessage: typeof import('../../lambdas/core/message.ts').decodeMessage;
  readonly dynamoLedger: typeof import('../../lambdas/adapters/ledger.ts').dynamoLedger;
  readonly dynamoLines: typeof import('../../lambdas/adapters/lines.ts').dynamoLines;
  readonly sqsQueue: typeof import('../../lambdas/adapters/queue.ts').sqsQueue;
  readonly sqsDeadLetters: typeof import('../../lambdas/adapters/dead-letters.ts').sqsDeadLetters;
  readonly sqsRetries: typeof import('../../lambdas/adapters/retries.ts').sqsRetries;
  readonly bodyStore: typeof import('../../lambdas/adapters/body-store.ts').bodyStore;
  readonly releaseEvents: typeof import('../../cli/ops/quarantine/release.ts').releaseEvents;
  readonly dropEvents: typeof import('../../cli/ops/quarantine/drop.ts').dropEvents;
  readonly reprocess: typeof import('../../cli/ops/reprocess/reprocess.ts').reprocess;
  readonly pause: typeof import('../../cli/ops/pause.ts').pause;
  readonly resume: typeof import('../../cli/ops/pause.ts').resume;
  readonly redrive: typeof import('../../cli/ops/dead-letters/redrive.ts').redrive;
  readonly poll: typeof import('../../lambdas/core/poll/poll.ts').poll;
  readonly dynamoCursor: typeof import('../../lambdas/adapters/cursor.ts').dynamoCursor;
  readonly rotate: typeof import('../../lambdas/core/rotate/rotate.ts').rotate;
  readonly authorizedHttp: typeof import('../../lambdas/core/http/oauth.ts').authorizedHttp;
  readonly credentialsSecret: typeof import('../../lambdas/adapters/credentials.ts').credentialsSecret;
  readonly secretVault: typeof import('../../lambdas/adapters/secret-vault.ts').secretVault;
  readonly cachedSecrets: typeof import('../../lambdas/adapters/secrets.ts').cachedSecrets;
  readonly safeEvents: typeof import('../../lambdas/adapters/safe-events.ts').safeEvents;
  readonly fhir: typeof import('../../lambdas/providers/fhir/index.ts').fhir;
  readonly github: typeof import('../../lambdas/providers/github/index.ts').github;
  readonly mailgun: typeof import('../../lambdas/providers/mailgun.ts').mailgun;
  readonly mercadoPago: typeof import('../../lambdas/providers/mercado-pago.ts').mercadoPago;
  readonly HttpFault: typeof import('../../lambdas/core/http/http.ts').HttpFault;
  readonly optum: typeof import('../../lambdas/providers/optum/index.ts').optum;
  readonly nvsep: typeof import('../../lambdas/providers/nvsep/index.ts').nvsep;
}

/** The queries that name a mutant of the product (mutant-loader.ts). Default: none, which is the product itself. */
export interface Queries {
  readonly query?: string;
  /** The query of the operators' commands. */
  readonly operatorsQuery?: string;
}

/** Loads the product from the repository. */
export async function loadProduct(root: string, { query = '', operatorsQuery = '' }: Queries = {}): Promise<Product> {
  const load = <Module>(path: string, of = query): Promise<Module> =>
    import(pathToFileURL(join(root, path)).href + of) as Promise<Module>;
  return {
    ...(await load<typeof import('../../lambdas/core/receive/receive.ts')>('lambdas/core/receive/receive.ts')),
    ...(await load<typeof import('../../lambdas/core/process/process.ts')>('lambdas/core/process/process.ts')),
    ...(await load<typeof import('../../lambdas/core/process/fan-out.ts')>('lambdas/core/process/fan-out.ts')),
    ...(await load<typeof import('../../lambdas/core/process/split.ts')>('lambdas/core/process/split.ts')),
    ...(await load<typeof import('../../lambdas/core/process/guarded.ts')>('lambdas/core/process/guarded.ts')),
    ...(await load<typeof import('../../lambdas/core/process/repair.ts')>('lambdas/core/process/repair.ts')),
    ...(await load<typeof import('../../lambdas/core/process/tally.ts')>('lambdas/core/process/tally.ts')),
    ...(await load<typeof import('../../lambdas/adapters/breaker.ts')>('lambdas/adapters/breaker.ts')),
    ...(await load<typeof import('../../lambdas/core/process/isolated-batch.ts')>(
      'lambdas/core/process/isolated-batch.ts',
    )),
    ...(await load<typeof import('../../lambdas/core/message.ts')>('lambdas/core/message.ts')),
    ...(await load<typeof import('../../lambdas/adapters/ledger.ts')>('lambdas/adapters/ledger.ts')),
    ...(await load<typeof import('../../lambdas/adapters/queue.ts')>('lambdas/adapters/queue.ts')),
    ...(await load<typeof import('../../lambdas/adapters/lines.ts')>('lambdas/adapters/lines.ts')),
    ...(await load<typeof import('../../lambdas/adapters/dead-letters.ts')>('lambdas/adapters/dead-letters.ts')),
    ...(await load<typeof import('../../lambdas/adapters/retries.ts')>('lambdas/adapters/retries.ts')),
    ...(await load<typeof import('../../lambdas/adapters/body-store.ts')>('lambdas/adapters/body-store.ts')),
    ...(await load<typeof import('../../cli/ops/quarantine/release.ts')>(
      'cli/ops/quarantine/release.ts',
      operatorsQuery,
    )),
    ...(await load<typeof import('../../cli/ops/quarantine/drop.ts')>('cli/ops/quarantine/drop.ts', operatorsQuery)),
    ...(await load<typeof import('../../cli/ops/reprocess/reprocess.ts')>(
      'cli/ops/reprocess/reprocess.ts',
      operatorsQuery,
    )),
    ...(await load<typeof import('../../cli/ops/pause.ts')>('cli/ops/pause.ts', operatorsQuery)),
    ...(await load<typeof import('../../cli/ops/dead-letters/redrive.ts')>(
      'cli/ops/dead-letters/redrive.ts',
      operatorsQuery,
    )),
    ...(await load<typeof import('../../lambdas/core/poll/poll.ts')>('lambdas/core/poll/poll.ts')),
    ...(await load<typeof import('../../lambdas/adapters/cursor.ts')>('lambdas/adapters/cursor.ts')),
    ...(await load<typeof import('../../lambdas/core/rotate/rotate.ts')>('lambdas/core/rotate/rotate.ts')),
    ...(await load<typeof import('../../lambdas/core/http/oauth.ts')>('lambdas/core/http/oauth.ts')),
    ...(await load<typeof import('../../lambdas/adapters/credentials.ts')>('lambdas/adapters/credentials.ts')),
    ...(await load<typeof import('../../lambdas/adapters/secret-vault.ts')>('lambdas/adapters/secret-vault.ts')),
    ...(await load<typeof import('../../lambdas/adapters/secrets.ts')>('lambdas/adapters/secrets.ts')),
    ...(await load<typeof import('../../lambdas/adapters/safe-events.ts')>('lambdas/adapters/safe-events.ts')),
    ...(await load<typeof import('../../lambdas/providers/fhir/index.ts')>('lambdas/providers/fhir/index.ts')),
    ...(await load<typeof import('../../lambdas/providers/nvsep/index.ts')>('lambdas/providers/nvsep/index.ts')),
    ...(await load<typeof import('../../lambdas/providers/github/index.ts')>('lambdas/providers/github/index.ts')),
    ...(await load<typeof import('../../lambdas/providers/mailgun.ts')>('lambdas/providers/mailgun.ts')),
    ...(await load<typeof import('../../lambdas/providers/mercado-pago.ts')>('lambdas/providers/mercado-pago.ts')),
    ...(await load<typeof import('../../lambdas/core/http/http.ts')>('lambdas/core/http/http.ts')),
    ...(await load<typeof import('../../lambdas/providers/optum/index.ts')>('lambdas/providers/optum/index.ts')),
  };
}
