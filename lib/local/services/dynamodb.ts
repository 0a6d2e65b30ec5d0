import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import dynalite from 'dynalite';
import { close, listen } from '../http.ts';
import { clientSettings } from './embedded.ts';
import type { EmbeddedService } from './embedded.ts';
import { forwardTo } from './forward.ts';

/** DynamoDB: dynalite, in memory. It keeps expired items for ever, where AWS removes them some time after their expiry. */
export async function startDynamoDb(region: string): Promise<EmbeddedService<DynamoDBClient>> {
  const server = dynalite({ createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 });
  const port = await listen(server);
  const forwarder = forwardTo(port);
  const client = new DynamoDBClient(clientSettings(port, region));
  return {
    handle: forwarder.handle,
    client,
    async stop() {
      client.destroy();
      forwarder.close();
      await close(server);
    },
  };
}
