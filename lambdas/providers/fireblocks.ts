import { hash, sign as signWith, verify } from 'node:crypto';
import type { Options } from '../core/envelope.ts';
import { parseObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { ok } from '../core/result.ts';
import { readDetached } from '../core/schemes/compact-token.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { jwks } from '../core/schemes/jwks.ts';
import { keyPairFrom } from '../core/schemes/key-pair.ts';
import { isFor } from '../core/schemes/public-keys.ts';
import type { Scheme, Signature } from '../core/schemes/scheme.ts';
import { readUnixMilliseconds } from '../core/schemes/time.ts';

const SIGNATURE = 'fireblocks-webhook-signature';
const REGIONS = ['us', 'eu', 'eu2', 'sandbox'] as const;
const WORKSPACE = '6e3ee4e1-1c4d-4b8c-9f5a-0f3a7c2b9d10';

const keysOf = ({ region }: Options) =>
  jwks(
    `https://${region === undefined || region === 'us' ? '' : `${String(region)}-`}keys.fireblocks.io/.well-known/jwks.json`,
  );

/**
 * A detached JSON Web Signature (RFC 7515, appendix F) by RS512: its payload is the raw body. Fireblocks signs for all its customers
 * with the same keys, so a body that names another workspace is refused.
 */
const scheme: Scheme = {
  title: 'detached JWS, RS512',
  coverage: 'body',
  headers: [{ name: SIGNATURE, carries: 'signature' }],
  fetchesKeys: true,

  read({ headers, body }, { options }) {
    const token = readDetached(headers, SIGNATURE, 'RS512');
    if (!token.ok) return token;
    const { head, kid, signature } = token.value;
    const { workspaceId } = parseObject(body) ?? {};
    return ok<Signature>({
      keyFor: () => keysOf(options)(kid, '', options, 'rsa-sha512'),
      matches: (workspace, key) =>
        (workspaceId === undefined || workspaceId === workspace) &&
        isFor(key, 'rsa-sha512') &&
        verify('sha512', signedText(head, body), key, signature),
    });
  },

  sign({ body, secrets: [pem] }) {
    const json = JSON.stringify({ alg: 'RS512', kid: hash('sha256', pem).slice(0, 16) });
    const head = Buffer.from(json).toString('base64url');
    const signature = signWith('sha512', signedText(head, body), pem).toString('base64url');
    return { headers: { [SIGNATURE]: `${head}..${signature}` } };
  },

  accepts: (secret) => /^[\w-]{8,64}$/.test(secret),
  secretFrom: (seed) => ({
    stored: WORKSPACE,
    signing: keyPairFrom('rsa-sha512', seed).privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }),
};

/**
 * Fireblocks' webhooks of version 2, by its page "Validating webhooks": `Fireblocks-Webhook-Signature`, whose key is in the key set of
 * the workspace's region. The secret of the source is the id of its workspace, which is not a credential.
 */
export const fireblocks = defineProvider({
  name: 'fireblocks',
  title: 'Fireblocks',
  field: 'payments',
  documents: { source: 'https://developers.fireblocks.com/reference/validating-webhooks', confidence: 'confirmed' },
  methods: ['POST'],
  scheme,
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {
    region: {
      type: 'choice',
      description: 'The region of the workspace, whose keys are fetched.',
      choices: REGIONS,
      default: REGIONS[0],
    },
  },

  readEvents({ json }) {
    const [key, type] = [readId(json.id), readText(json.eventType)];
    // An event that does not say whose it is can be of any customer of Fireblocks.
    const isNobodys = key !== undefined && type !== undefined && readText(json.workspaceId) === undefined;
    return {
      key,
      type,
      time: readUnixMilliseconds(json.createdAt),
      quarantine: isNobodys ? 'wrong_environment' : undefined,
    };
  },

  sample: ({ id, now, type = 'transaction.status.updated' }) =>
    JSON.stringify({
      ...{ id, eventType: type, eventVersion: 1, createdAt: now.getTime(), workspaceId: WORKSPACE },
      ...{ resourceId: 'b70701f4-d7b1-4795-a8ee-b09cdb5b850d', data: { status: 'COMPLETED', note: 'Naïve ☕' } },
    }),
});

const signedText = (head: string, body: Buffer): Buffer => Buffer.from(`${head}.${body.toString('base64url')}`);
