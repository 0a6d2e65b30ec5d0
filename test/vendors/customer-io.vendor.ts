import { customerIo } from '../../lambdas/providers/customer-io.ts';
import { agrees, load } from './oracle.ts';

const { verifyRequestSignature } = await load<{
  verifyRequestSignature: (request: {
    readonly signingSecret: string;
    readonly timestamp: string | undefined;
    readonly signature: string | undefined;
    readonly body: Buffer;
  }) => boolean;
}>('customerio-node');

agrees('customerio-node', {
  provider: customerIo,
  accepts: ({ body, headers, secret }) =>
    verifyRequestSignature({
      signingSecret: secret,
      timestamp: headers['x-cio-timestamp'],
      signature: headers['x-cio-signature'],
      body,
    }),
  differences: { 'a signature in upper case': 'the SDK compares text' },
});
