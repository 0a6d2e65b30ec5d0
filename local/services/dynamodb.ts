import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { close, listen } from '../http.ts';
import { clientSettings } from './embedded.ts';
import type { EmbeddedService } from './embedded.ts';
import { callInProcess } from './in-process.ts';
import type { StandIn } from './stand-in.ts';

/**
 * DynamoDB: dynalite, in memory or in a directory. It keeps expired items for ever; AWS removes them some time after their
 * expiry. It does not listen: calls are handed to it.
 */
export function startDynamoDb(region: string, directory?: string): Promise<EmbeddedService<DynamoDBClient>> {
  const store = directory === undefined ? {} : { path: directory };
  const server = dynalite({ ...store, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const call = callInProcess(server);
  const underWay = new Set<Promise<unknown>>();
  const handle: StandIn = (request) => {
    const answer = Promise.resolve(call(request));
    underWay.add(answer);
    return answer.finally(() => underWay.delete(answer));
  };
  const client = new DynamoDBClient(clientSettings(region, handle, 'dynamodb'));
  return Promise.resolve({
    handle,
    client,
    async stop() {
      client.destroy();
      // A call that finds its store closed would end the process.
      await Promise.allSettled(underWay);
      // dynalite closes its store when it stops listening, and only then: it listens for that moment, and hears nothing.
      server.removeAllListeners('request');
      await listen(server);
      await close(server);
    },
  });
}
