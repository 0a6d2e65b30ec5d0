import { GetSecretValueCommand, ResourceNotFoundException } from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretFlaw } from '../core/secret-value.ts';
import { isLocalDefault, secretFlaw } from '../core/secret-value.ts';
import type { Secret, SecretLabel } from '../core/verdict.ts';
import { isOneMachine } from './environment.ts';

/** Secrets Manager's staging labels by our names. */
export const STAGE = { current: 'AWSCURRENT', pending: 'AWSPENDING', previous: 'AWSPREVIOUS' } as const;

/** The order in which a version has the labels in the course of a rotation. */
const READ_ORDER: readonly SecretLabel[] = ['pending', 'current', 'previous'];
/** The order in which deliveries are verified with the versions. */
const VERIFY_ORDER: readonly SecretLabel[] = ['current', 'pending', 'previous'];

/** Milliseconds for the three reads. */
const READ_MS = 3_000;

/** All versions of a secret that have one of the three labels. */
export interface SecretVersions {
  /** The versions that a delivery may be verified with, the current one first. */
  readonly usable: readonly Secret[];
  /** When the current version was made, in milliseconds since the epoch; undefined if there is none. */
  readonly currentSince: number | undefined;
  readonly refused: readonly { readonly label: SecretLabel; readonly flaw: SecretFlaw }[];
}

interface Stored {
  readonly secret: Secret;
  readonly createdAt: number | undefined;
}

/**
 * Reads the three versions, within 3 s. If one read fails, all fail; a version that does not exist is not a failure. With a
 * part of the versions an authentic delivery would be refused for good; with none it is answered 503 and tried again.
 *
 * The reads are one after the other, in the order of a version's labels. Side by side they could miss the version that the
 * provider signs with while a rotation ends: it was still pending when the current version was read, and it was current by the
 * time that the pending version was read.
 */
export async function readVersions(client: SecretsManagerClient, secretArn: string): Promise<SecretVersions> {
  const inTime = AbortSignal.timeout(READ_MS);
  const stored: Stored[] = [];
  for (const label of READ_ORDER) {
    const version = await readVersion(client, secretArn, label, inTime);
    if (version) stored.push(version);
  }
  stored.sort((a, b) => VERIFY_ORDER.indexOf(a.secret.label) - VERIFY_ORDER.indexOf(b.secret.label));
  const judged = stored.map(({ secret }) => ({ secret, flaw: flawOf(secret.value) }));
  return {
    usable: judged.filter(({ flaw }) => flaw === undefined).map(({ secret }) => secret),
    currentSince: stored.find(({ secret }) => secret.label === 'current')?.createdAt,
    refused: judged.flatMap(({ secret: { label }, flaw }) => (flaw === undefined ? [] : [{ label, flaw }])),
  };
}

/** The local gateway's defaults are known to everybody: in AWS they are placeholders. */
const flawOf = (value: string): SecretFlaw | undefined =>
  secretFlaw(value) ?? (isLocalDefault(value) && !isOneMachine() ? 'placeholder' : undefined);

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
    // A plain string, never parsed: `1e3` and `"text"` are secrets too. A binary value is not a secret, and counts as empty.
    return { secret: { value: value ?? '', label, versionId }, createdAt: CreatedDate?.getTime() };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}
