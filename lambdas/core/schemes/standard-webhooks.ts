import { anyOf } from './any-of.ts';
import { tagged } from './forms.ts';
import { hmac } from './hmac.ts';
import { publicKey } from './public-key.ts';
import type { Scheme } from './scheme.ts';

const SIGNED = ['id', { text: '.' }, 'timestamp', { text: '.' }, 'body'] as const;

/**
 * The scheme of Standard Webhooks (spec/standard-webhooks.md): `<id>.<timestamp>.<raw body>`, signed by HMAC-SHA-256 (`v1`, a
 * secret `whsec_…` in base64) or by Ed25519 (`v1a`, a public key `whpk_…` in base64). The kind of key that is stored says which of
 * the two counts. `prefix` is the first part of the headers' names: `webhook`.
 */
export function standardWebhooksScheme(prefix: string): Scheme {
  const id = { header: `${prefix}-id` };
  const timestamp = { header: `${prefix}-timestamp`, unit: 's', toleranceSeconds: 300 } as const;
  const signature = { header: `${prefix}-signature`, encoding: 'base64' } as const;
  return anyOf(
    hmac({
      hash: 'sha256',
      key: { encoding: 'base64', prefix: 'whsec_', minBytes: 24 },
      signature: { ...signature, form: tagged('v1') },
      ...{ timestamp, id, signed: SIGNED },
    }),
    publicKey({
      algorithm: 'ed25519',
      key: { notation: 'base64', prefix: 'whpk_', isPrefixRequired: true },
      signature: { ...signature, form: tagged('v1a') },
      ...{ timestamp, id, signed: SIGNED },
    }),
  );
}
