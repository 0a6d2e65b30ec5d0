import { X509Certificate } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import type { HttpResponse } from '../http/http.ts';
import type { KeyRequest } from '../key-request.ts';

/**
 * Asks for the public key of the certificate at a URL, whose host the provider has pinned. `set` names the certificates, such as
 * `certificates of SNS`. 403 and 404 say that there is none; any other answer without a certificate says nothing.
 */
export const certificateAt = (url: string, set: string): KeyRequest => ({
  ...{ set, id: url, isSingle: true },
  call: { method: 'GET', url },
  read: ({ status, body }: HttpResponse) => {
    if (status === 403 || status === 404) return new Map();
    const key = status === 200 ? publicKeyOf(body) : undefined;
    return key && new Map([[url, key]]);
  },
});

function publicKeyOf(certificate: string): KeyObject | undefined {
  try {
    return new X509Certificate(certificate).publicKey;
  } catch {
    return undefined;
  }
}
