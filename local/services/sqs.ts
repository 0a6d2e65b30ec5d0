import { SQSClient } from '@aws-sdk/client-sqs';
import { buildApp } from 'fauxqs';
import { clientSettings } from './embedded.ts';
import type { EmbeddedService } from './embedded.ts';
import { callInProcess } from './in-process.ts';
import { persistentStores } from './queue-store.ts';
import { takeEveryCharacter } from './sqs-characters.ts';
import { errorResponse } from './stand-in.ts';
import type { StandIn } from './stand-in.ts';

/** The account that fauxqs puts into every ARN. */
export const ACCOUNT_ID = '000000000000';

/** SQS: fauxqs, in memory or in a directory. It does not listen: calls are handed to it. */
export async function startSqs(region: string, directory?: string): Promise<EmbeddedService<SQSClient>> {
  takeEveryCharacter();
  const kept = directory === undefined ? undefined : persistentStores(directory);
  const app = buildApp({ logger: false, ...(kept && { stores: kept.stores }) });
  await app.ready();
  const handle = sqsAlone(callInProcess(app.server));
  const client = new SQSClient({ ...clientSettings(region, handle, 'sqs'), useQueueUrlAsEndpoint: false });
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

/** fauxqs has SNS, S3 and STS behind the same address: only calls in the protocol of SQS reach it. */
const sqsAlone =
  (call: StandIn): StandIn =>
  (request) =>
    request.method === 'POST' && request.headers['content-type'] === 'application/x-amz-json-1.0'
      ? call({ ...request, path: '/' })
      : errorResponse(400, 'UnknownOperationException', 'the local stand-in takes the JSON protocol of SQS alone');
