import { createHash } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { plaid } from '../../lambdas/providers/plaid.ts';
import {
  delivery,
  headerOf,
  later,
  NOW,
  publishedKey,
  refusal,
  secretsOf,
  signed,
} from '../lambdas/providers/deliveries.ts';
import { createPrivateKey } from 'node:crypto';
import { load } from './oracle.ts';

interface SignJwt {
  setProtectedHeader(header: object): SignJwt;
  setIssuedAt(seconds: number): SignJwt;
  sign(key: KeyObject): Promise<string>;
}

// Plaid has no verifier of its own for Node; its page uses a JOSE library, as this is.
const { jwtVerify, SignJWT } = await load<{
  jwtVerify: (token: string, key: KeyObject, options: object) => Promise<{ payload: Record<string, unknown> }>;
  SignJWT: new (payload: object) => SignJwt;
}>('jose');

describe('plaid, against jose', () => {
  const body = '{"webhook_type":"ITEM","note":"naïve ☕"}';
  const hash = createHash('sha256').update(body).digest('hex');
  const header = 'plaid-verification';

  it('takes our token', async () => {
    const token = headerOf(signed(plaid, body), header);
    const options = { algorithms: ['ES256'], maxTokenAge: '5 min', currentDate: NOW };
    const { payload } = await jwtVerify(token, publishedKey(plaid), options);
    expect(payload.request_body_sha256).toBe(hash);
    await expect(jwtVerify(token, publishedKey(plaid), { ...options, currentDate: later(301) })).rejects.toThrow();
  });

  it('makes tokens that we take, and others that we do not', async () => {
    const key = createPrivateKey(secretsOf(plaid).signing);
    const made = (claims: object, at = NOW) =>
      new SignJWT(claims)
        .setProtectedHeader({ alg: 'ES256', kid: 'key-1', typ: 'JWT' })
        .setIssuedAt(at.getTime() / 1000)
        .sign(key);
    const says = async (token: Promise<string>) => refusal(plaid, delivery({ [header]: await token }, body));
    expect(await says(made({ request_body_sha256: hash }))).toBe('accepted');
    expect(await says(made({ request_body_sha256: hash.replace(/^./, 'x') }))).toBe('signature_mismatch');
    expect(await says(made({}))).toBe('signature_mismatch');
    expect(await says(made({ request_body_sha256: hash }, later(-301)))).toBe('timestamp_out_of_window');
  });
});
