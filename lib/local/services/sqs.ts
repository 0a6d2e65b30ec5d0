import { SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import { LOOPBACK } from '../http.ts';
import { clientSettings } from './embedded.ts';
import type { EmbeddedService } from './embedded.ts';
import { forwardTo } from './forward.ts';

/** The account that fauxqs puts into every ARN. */
export const ACCOUNT_ID = '000000000000';

/** SQS: fauxqs, in memory. Its own start function listens on every interface of the machine; this one on loopback alone. */
export async function startSqs(region: string): Promise<EmbeddedService<SQSClient>> {
  const app = buildApp({ logger: false });
  const port = Number(new URL(await app.listen({ port: 0, host: LOOPBACK })).port);
  const forwarder = forwardTo(port);
  // A long poll a source, and the calls beside them.
  const requestHandler = { httpAgent: { maxSockets: 500 } };
  const client = new SQSClient({ ...clientSettings(port, region), useQueueUrlAsEndpoint: false, requestHandler });
  return {
    handle: forwarder.handle,
    client,
    async stop() {
      client.destroy();
      forwarder.close();
      await app.close();
    },
  };
}
