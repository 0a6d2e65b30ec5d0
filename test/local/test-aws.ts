import { startAwsEndpoint } from '../../local/aws-endpoint.ts';
import { callLog } from '../../local/call-log.ts';
import type { CallLog } from '../../local/call-log.ts';
import { faults } from '../../local/faults.ts';
import type { Faults } from '../../local/faults.ts';
import { accessKeyIdOf } from '../../local/lambda/caller.ts';
import { startServices } from '../../local/services/services.ts';
import type { Services } from '../../local/services/services.ts';
import type { StandIn } from '../../local/services/stand-in.ts';
import { ACCOUNT_ID } from '../../local/services/sqs.ts';

/** The stand-ins behind their endpoint. */
export interface TestAws {
  readonly services: Services;
  readonly calls: CallLog;
  readonly faults: Faults;
  /** Settings of a client that calls as a function does. */
  readonly client: {
    readonly endpoint: string;
    readonly region: string;
    readonly credentials: {
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken: string;
    };
    readonly maxAttempts: number;
  };
  stop(): Promise<void>;
}

export async function startTestAws(more: Readonly<Record<string, StandIn>> = {}): Promise<TestAws> {
  const services = await startServices('us-east-1', ACCOUNT_ID);
  const parts = { calls: callLog(), faults: faults() };
  const token = 'the token of a test';
  const endpoint = await startAwsEndpoint({
    ...{ token, services: { ...services.bySigningName, ...more } },
    ...parts,
    log: () => undefined,
  });
  return {
    services,
    ...parts,
    client: {
      endpoint: endpoint.url,
      region: 'us-east-1',
      credentials: { accessKeyId: accessKeyIdOf('Verifier'), secretAccessKey: 'local', sessionToken: token },
      maxAttempts: 1,
    },
    async stop() {
      await endpoint.stop();
      await services.stop();
    },
  };
}
