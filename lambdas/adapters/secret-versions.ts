import { GetSecretValueCommand, ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretFlaw } from '../core/secret-value.ts';
import { secretFlaw } from '../core/secret-value.ts';
import type { Secret, SecretLabel } from '../core/verdict.ts';

/** Secrets Manager's staging labels by our names. */
export const STAGE = { current: 'AWSCURRENT', pending: 'AWSPENDING', previous: 'AWSPREVIOUS' } as const;

/** In the order in which a version has them. */
const READ_ORDER: readonly SecretLabel[] = ['pending', 'current', 'previous'];
/** In the order in which deliveries are verified with them. */
const VERIFY_ORDER: readonly SecretLabel[] = ['current', 'pending', 'previous'];

/** Milliseconds for the three reads. */
const READ_MS = 3_000;

/** All versions of a secret that have one of the three labels. */
export interface SecretVersions {
  /** Those that a delivery may be verified with, the current one first. */
  readonly usable: readonly Secret[];
  /** When the current version was made, in milliseconds since the epoch; undefined where there is none. */
  readonly currentSince: number | undefined;
  readonly refused: readonly { readonly label: SecretLabel; readonly flaw: SecretFlaw }[];
}

interface Stored {
  readonly secret: Secret;
  readonly createdAt: number | undefined;
}

/**
 * Reads the three versions, within 3 s. It fails as a whole where one read fails, a version that is not there aside: with a
 * part of them an authentic delivery would be refused for good, where one that finds none is tried again.
 *
 * One after the other, and in this order: read side by side while a rotation ends, no label may be on the version that the
 * provider signs with, for it was still pending when the current one was read, and no longer when the pending one was.
 */
export async function readVersions(client: SecretsManagerClient, secretArn: string): Promise<SecretVersions> {
  const inTime = AbortSignal.timeout(READ_MS);
  const stored: Stored[] = [];
  for (const label of READ_ORDER) {
    const version = await readVersion(client, secretArn, label, inTime);
    if (version) stored.push(version);
  }
  stored.sort((a, b) => VERIFY_ORDER.indexOf(a.secret.label) - VERIFY_ORDER.indexOf(b.secret.label));
  const judged = stored.map(({ secret }) => ({ secret, flaw: secretFlaw(secret.value) }));
  return {
    usable: judged.filter(({ flaw }) => flaw === undefined).map(({ secret }) => secret),
    currentSince: stored.find(({ secret }) => secret.label === 'current')?.createdAt,
    refused: judged.flatMap(({ secret: { label }, flaw }) => (flaw === undefined ? [] : [{ label, flaw }])),
  };
}

async function readVersion(
  client: SecretsManagerClient,
  secretArn: string,
  label: SecretLabel,
  abortSignal: AbortSignal,
): Promise<Stored | undefined> {
  try {
    const command = new GetSecretValueCommand({ SecretId: secretArn, VersionStage: STAGE[label] });
    const {
      SecretString: value,
      VersionId: versionId = 'unknown',
      CreatedDate,
    } = await client.send(command, { abortSignal });
    // A plain string, never parsed: `1e3` and `"text"` are secrets too. A binary one is none, and counts as empty.
    return { secret: { value: value ?? '', label, versionId }, createdAt: CreatedDate?.getTime() };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
