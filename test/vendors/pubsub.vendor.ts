import { createPrivateKey } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { pubsub } from '../../lambdas/providers/pubsub.ts';
import {
  delivery,
  headerOf,
  NOW,
  publishedKey,
  refusal,
  sampled,
  secretsOf,
  signed,
} from '../lambdas/providers/deliveries.ts';
import { load } from './oracle.ts';

interface SignJwt {
  setProtectedHeader(header: object): SignJwt;
  sign(key: KeyObject): Promise<string>;
}

const { jwtVerify, SignJWT } = await load<{
  jwtVerify: (token: string, key: KeyObject, options: object) => Promise<{ payload: Record<string, unknown> }>;
  SignJWT: new (payload: object) => SignJwt;
}>('jose');

describe('pubsub, against jose', () => {
  const { body } = sampled(pubsub);
  const { serviceAccount, audience } = JSON.parse(secretsOf(pubsub).stored) as Record<string, string>;
  const options = { algorithms: ['RS256'], issuer: 'https://accounts.google.com', audience, currentDate: NOW };

  it('makes a token that the library takes, for the audience of the source alone', async () => {
    const token = headerOf(signed(pubsub, body), 'authorization').replace('Bearer ', '');
    const { payload } = await jwtVerify(token, publishedKey(pubsub), options);
    expect(payload).toMatchObject({ email: serviceAccount, email_verified: true });
    await expect(jwtVerify(token, publishedKey(pubsub), { ...options, audience: 'another' })).rejects.toThrow();
  });

  it('takes the tokens that the library makes, and not those for somebody else', async () => {
    const key = createPrivateKey(secretsOf(pubsub).signing);
    const iat = NOW.getTime() / 1000 - 1800;
    const claims = { iss: 'https://accounts.google.com', aud: audience, email: serviceAccount, email_verified: true };
    const says = async (change: object) => {
      const token = new SignJWT({ ...claims, iat, exp: iat + 3600, ...change });
      const text = await token.setProtectedHeader({ alg: 'RS256', kid: 'key-1', typ: 'JWT' }).sign(key);
      return refusal(pubsub, delivery({ authorization: `Bearer ${text}` }, body));
    };
    expect(await says({})).toBe('accepted');
    expect(await says({ email: 'another@example.iam.gserviceaccount.com' })).toBe('signature_mismatch');
    expect(await says({ aud: 'another' })).toBe('signature_mismatch');
    expect(await says({ exp: iat })).toBe('timestamp_out_of_window');
  });
});
