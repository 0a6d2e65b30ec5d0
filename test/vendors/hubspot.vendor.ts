import { hubspot } from '../../lambdas/providers/hubspot.ts';
import { agrees, load } from './oracle.ts';

interface Request {
  readonly method: string;
  readonly url: string;
  readonly requestBody: string;
  readonly clientSecret: string;
  readonly timestamp: number;
}

const { Signature } = await load<{
  Signature: {
    isValid(request: Request & { readonly signatureVersion: 'v3'; readonly signature: string | undefined }): boolean;
    getSignature(method: string, version: 'v3', request: Omit<Request, 'method'>): string;
  };
}>('@hubspot/api-client');

agrees('@hubspot/api-client', {
  provider: hubspot,
  accepts: ({ text, headers, secret, url }) =>
    Signature.isValid({
      ...{ method: 'POST', url, requestBody: text, clientSecret: secret, signatureVersion: 'v3' },
      signature: headers['x-hubspot-signature-v3'],
      timestamp: Number(headers['x-hubspot-request-timestamp']),
    }),
  signs({ text, secret, now, url }) {
    const request = { url, requestBody: text, clientSecret: secret, timestamp: now.getTime() };
    return {
      'x-hubspot-signature-v3': Signature.getSignature('POST', 'v3', request),
      'x-hubspot-request-timestamp': String(now.getTime()),
    };
  },
  differences: {
    'bytes that are not UTF-8': 'the SDK hashes text',
    'an hour ahead': 'the SDK refuses only what is too old',
  },
});
