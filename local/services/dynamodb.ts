import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { close, listen } from '../http.ts';
import { clientSettings } from './embedded.ts';
import type { EmbeddedService } from './embedded.ts';
import { callInProcess } from './in-process.ts';

/**
 * DynamoDB: dynalite, in memory or in a directory. It keeps expired items for ever, where AWS removes them some time after
 * their expiry.
 */
export async function startDynamoDb(region: string, directory?: string): Promise<EmbeddedService<DynamoDBClient>> {
  const store = directory === undefined ? {} : { path: directory };
  const server = dynalite({ ...store, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const port = await listen(server);
  const client = new DynamoDBClient(clientSettings(port, region));
  const call = callInProcess(server);
  const underWay = new Set<Promise<unknown>>();
  return {
    handle(request) {
      const answer = Promise.resolve(call(request));
      underWay.add(answer);
      return answer.finally(() => underWay.delete(answer));
    },
    client,
    async stop() {
      client.destroy();
      // A call that finds its store closed would end the process.
      await Promise.allSettled(underWay);
      await close(server);
    },
  };
}
