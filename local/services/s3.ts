import { S3Client } from '@aws-sdk/client-s3';
import { buildApp } from 'fauxqs';
import { LOOPBACK } from '../http.ts';
import { clientSettings } from './embedded.ts';
import type { EmbeddedService } from './embedded.ts';
import { callInProcess } from './in-process.ts';
import { persistentStores } from './queue-store.ts';

/** S3: fauxqs, in memory or in a directory of its own. It keeps every object for ever, and one version of each. */
export async function startS3(region: string, directory?: string): Promise<EmbeddedService<S3Client>> {
  const kept = directory === undefined ? undefined : persistentStores(directory);
  const app = buildApp({ logger: false, ...(kept && { stores: kept.stores }) });
  takeLargeObjects(app);
  const port = Number(new URL(await app.listen({ port: 0, host: LOOPBACK })).port);
  const client = new S3Client({ ...clientSettings(port, region), forcePathStyle: true });
  return {
    handle: callInProcess(app.server),
    client,
    async stop() {
      client.destroy();
      await app.close();
      kept?.close();
    },
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
