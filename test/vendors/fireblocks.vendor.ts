import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { fireblocks } from '../../lambdas/providers/fireblocks.ts';
import {
  delivery,
  headerOf,
  publishedKey,
  refusal,
  sampled,
  secretsOf,
  signed,
} from '../lambdas/providers/deliveries.ts';
import { load } from './oracle.ts';

interface FlattenedSign {
  setProtectedHeader(header: object): FlattenedSign;
  sign(key: KeyObject): Promise<{ readonly protected: string; readonly signature: string }>;
}

// Fireblocks has no verifier of its own for Node; its page uses a JOSE library, as this is.
const { flattenedVerify, FlattenedSign } = await load<{
  flattenedVerify: (jws: object, key: KeyObject, options: object) => Promise<unknown>;
  FlattenedSign: new (payload: Uint8Array) => FlattenedSign;
}>('jose');

describe('fireblocks, against jose', () => {
  const header = 'fireblocks-webhook-signature';
  const { body } = sampled(fireblocks);

  it('signs what the library takes, with the body put back', async () => {
    const [head, , signature] = headerOf(signed(fireblocks, body), header).split('.');
    const verify = (of: Buffer) =>
      flattenedVerify({ protected: head, payload: of.toString('base64url'), signature }, publishedKey(fireblocks), {
        algorithms: ['RS512'],
      });
    await expect(verify(body)).resolves.toBeDefined();
    await expect(verify(Buffer.concat([body, Buffer.from(' ')]))).rejects.toThrow();
  });

  it('takes what the library signs', async () => {
    const key = createPrivateKey(secretsOf(fireblocks).signing);
    const made = await new FlattenedSign(body).setProtectedHeader({ alg: 'RS512', kid: 'key-1' }).sign(key);
    const of = (bytes: Buffer) => delivery({ [header]: `${made.protected}..${made.signature}` }, bytes);
    expect(refusal(fireblocks, of(body))).toBe('accepted');
    expect(refusal(fireblocks, of(Buffer.concat([body, Buffer.from(' ')])))).toBe('signature_mismatch');
  });
});
