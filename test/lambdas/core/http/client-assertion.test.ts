import { createPublicKey, generateKeyPairSync, verify } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { callsTo } from '../../../../lambdas/core/http/authorized.ts';
import { clientAssertion } from '../../../../lambdas/core/http/client-assertion.ts';
import type { HttpRequest } from '../../../../lambdas/core/http/http.ts';
import type { ClientCredentials } from '../../../../lambdas/core/http/oauth.ts';
import { fhir } from '../../../../lambdas/providers/fhir/index.ts';

const NOW = Date.parse('2026-03-01T09:30:00Z');
const CONTEXT = { tokenUrl: 'https://ehr.example/token', now: NOW, id: 'jti-1' };
const ec = generateKeyPairSync('ec', { namedCurve: 'P-384' });
const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
const pem = (key: typeof ec.privateKey): string => key.export({ type: 'pkcs8', format: 'pem' }).toString();

const partsOf = (jwt: string | undefined) => {
  const [header = '', claims = '', signature = ''] = (jwt ?? '').split('.');
  const read = (text: string) => JSON.parse(Buffer.from(text, 'base64url').toString()) as Record<string, unknown>;
  return { header: read(header), claims: read(claims), signed: `${header}.${claims}`, signature };
};

describe('a client assertion', () => {
  it.each([
    ['RS384', rsa],
    ['ES384', ec],
  ])('is signed with %s, and says what SMART Backend Services wants', (algorithm, pair) => {
    const key = { clientId: 'client', privateKey: pem(pair.privateKey), keyId: 'kid-1' };
    const { header, claims, signed, signature } = partsOf(clientAssertion(key, CONTEXT));
    expect(header).toEqual({ alg: algorithm, typ: 'JWT', kid: 'kid-1' });
    const exp = Number(claims.exp);
    expect(claims).toEqual({ iss: 'client', sub: 'client', aud: CONTEXT.tokenUrl, jti: 'jti-1', iat: NOW / 1000, exp });
    expect(exp - NOW / 1000).toBeLessThanOrEqual(300);
    const publicKey = createPublicKey(pair.publicKey.export({ type: 'spki', format: 'pem' }));
    const isRight = verify(
      'sha384',
      Buffer.from(signed),
      { key: publicKey, dsaEncoding: 'ieee-p1363' },
      Buffer.from(signature, 'base64url'),
    );
    expect(isRight).toBe(true);
  });

  it('takes a JWK too, and its kid', () => {
    const jwk = JSON.stringify({ ...ec.privateKey.export({ format: 'jwk' }), kid: 'of-the-jwk' });
    expect(partsOf(clientAssertion({ clientId: 'c', privateKey: jwk }, CONTEXT)).header).toMatchObject({
      kid: 'of-the-jwk',
    });
  });

  it.each([
    ['a P-256 key', pem(generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey)],
    ['a short RSA key', pem(generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey)],
    ['a public key', rsa.publicKey.export({ type: 'spki', format: 'pem' }).toString()],
    ['no key', 'not a key'],
    ['half a JWK', '{"kty":"EC"}'],
  ])('is not made with %s', (_what, privateKey) => {
    expect(clientAssertion({ clientId: 'c', privateKey }, CONTEXT)).toBeUndefined();
  });
});

describe('a call with a key', () => {
  const callWith = async (credentials: ClientCredentials, options = {}) => {
    const requests: HttpRequest[] = [];
    const http = callsTo(
      fhir.api,
      { tokenUrl: CONTEXT.tokenUrl, ...options },
      {
        http: (request) => {
          requests.push(request);
          const body = request.url === CONTEXT.tokenUrl ? '{"access_token":"given","expires_in":300}' : '{}';
          return Promise.resolve({ status: 200, headers: new Map(), body });
        },
        clock: () => NOW,
        credentials: { client: () => Promise.resolve(credentials), token: () => Promise.reject(new Error('none')) },
        uniqueId: () => 'jti-2',
      },
    );
    await http({ method: 'GET', url: 'https://ehr.example/fhir/Subscription/1' });
    const [token, call] = requests;
    return { form: new URLSearchParams(token?.body), call };
  };

  it('asks for a token by the assertion alone, with the scope', async () => {
    const { form, call } = await callWith(
      { clientId: 'client', privateKey: pem(ec.privateKey) },
      { scope: 'system/Subscription.read' },
    );
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'client_credentials',
      client_assertion_type: 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer',
      client_assertion: expect.any(String),
      scope: 'system/Subscription.read',
    });
    expect(partsOf(form.get('client_assertion') ?? '').claims).toMatchObject({ jti: 'jti-2' });
    expect(call?.headers).toMatchObject({ authorization: 'Bearer given' });
  });

  it('asks with a secret as before', async () => {
    const { form } = await callWith({ clientId: 'client', clientSecret: 'hush' });
    expect(Object.fromEntries(form)).toEqual({
      grant_type: 'client_credentials',
      client_id: 'client',
      client_secret: 'hush',
    });
  });

  it('fails by a word if the key cannot be used', async () => {
    await expect(callWith({ clientId: 'client', privateKey: 'hush hush' })).rejects.toThrow('key_unusable');
  });
});
