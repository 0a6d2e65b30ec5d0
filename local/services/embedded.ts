import { inProcessClient } from './in-process.ts';
import type { StandIn } from './stand-in.ts';

/** An AWS service that runs inside this process, with a client of the gateway's own. */
export interface EmbeddedService<Client> {
  /** Answers the calls that come to the AWS endpoint. */
  readonly handle: StandIn;
  /** Goes past the AWS endpoint: its calls are not recorded and meet no fault. */
  readonly client: Client;
  stop(): Promise<void>;
}

/** How the gateway's own clients reach a stand-in: without a connection, whatever the endpoint says. */
export const clientSettings = (region: string, standIn: StandIn, service: string) => ({
  endpoint: 'http://localhost',
  region,
  requestHandler: inProcessClient(standIn, service),
  credentials: { accessKeyId: 'gateway', secretAccessKey: 'local' },
});
