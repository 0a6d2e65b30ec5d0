import { SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import { LOOPBACK } from '../http.ts';
import { clientSettings } from './embedded.ts';
import type { EmbeddedService } from './embedded.ts';
import { callInProcess, inProcessClient } from './in-process.ts';
import { persistentStores } from './queue-store.ts';

/** The account that fauxqs puts into every ARN. */
export const ACCOUNT_ID = '000000000000';

/**
 * SQS: fauxqs, in memory or in a directory. Its own start function listens on every interface of the machine; this one on
 * loopback alone.
 */
export async function startSqs(region: string, directory?: string): Promise<EmbeddedService<SQSClient>> {
  const kept = directory === undefined ? undefined : persistentStores(directory);
  const app = buildApp({ logger: false, ...(kept && { stores: kept.stores }) });
  const port = Number(new URL(await app.listen({ port: 0, host: LOOPBACK })).port);
  const handle = callInProcess(app.server);
  const requestHandler = inProcessClient(handle, 'sqs');
  const client = new SQSClient({ ...clientSettings(port, region), useQueueUrlAsEndpoint: false, requestHandler });
  return {
    handle,
    client,
    async stop() {
      client.destroy();
      await app.close();
      kept?.close();
    },
  };
}
