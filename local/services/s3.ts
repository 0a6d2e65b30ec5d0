import { S3Client } from '@aws-sdk/client-s3';
import { buildApp } from 'fauxqs';
import { clientSettings } from './embedded.ts';
import type { EmbeddedService } from './embedded.ts';
import { callInProcess } from './in-process.ts';
import { persistentStores } from './queue-store.ts';
import { xmlErrorResponse } from './stand-in.ts';
import type { StandIn } from './stand-in.ts';

/**
 * S3: fauxqs, in memory or in a directory of its own. It keeps every object for ever, and one version of each. It does not
 * listen: calls are handed to it.
 */
export async function startS3(region: string, directory?: string): Promise<EmbeddedService<S3Client>> {
  const kept = directory === undefined ? undefined : persistentStores(directory);
  const app = buildApp({ logger: false, ...(kept && { stores: kept.stores }) });
  takeLargeObjects(app);
  await app.ready();
  const handle = s3Alone(withConditionalPuts(callInProcess(app.server)));
  const client = new S3Client({ ...clientSettings(region, handle, 's3'), forcePathStyle: true });
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

/** At its root fauxqs takes calls for SQS, SNS and STS, and it shows its queues under a name that no bucket has. */
const s3Alone =
  (call: StandIn): StandIn =>
  (request) =>
    (request.method === 'POST' && /^\/(\?|$)/.test(request.path)) || request.path.startsWith('/_fauxqs')
      ? xmlErrorResponse(405, 'MethodNotAllowed', 'the local stand-in takes the protocol of S3 alone')
      : call(request);

/** An object that is to be made only if there is none, which fauxqs does not look at: such calls go one after the other. */
function withConditionalPuts(call: StandIn): StandIn {
  let before: Promise<unknown> = Promise.resolve();
  const putIfNew: StandIn = async (request) => {
    const there = await call({ ...request, method: 'HEAD', body: Buffer.alloc(0), headers: {} });
    return there.status === 200
      ? xmlErrorResponse(412, 'PreconditionFailed', 'At least one of the pre-conditions you specified did not hold')
      : call(request);
  };
  return (request) => {
    if (request.method !== 'PUT' || request.headers['if-none-match'] !== '*') return call(request);
    const answer = before.then(() => putIfNew(request));
    before = answer.catch(() => undefined);
    return answer;
  };
}

/** Bytes of the largest object here: the archive's for a batch of the largest bodies. S3 takes 5 GB with one call. */
const MAX_OBJECT_BYTES = 100 * 1024 * 1024;

/** fauxqs takes 11 MiB. */
function takeLargeObjects(app: ReturnType<typeof buildApp>): void {
  app.removeContentTypeParser('*');
  app.addContentTypeParser('*', { parseAs: 'buffer', bodyLimit: MAX_OBJECT_BYTES }, (_request, body, done) => {
    done(null, body);
  });
}
