import { z } from 'zod';
import { isTarget } from '../../../lambdas/core/target.ts';
import { lanesWithSecret } from '../../../lib/config/lanes.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { lastMatches } from './last-match.ts';
import type { LastMatches } from './last-match.ts';
import { storedFlaw } from './new-secret.ts';
import { SecretStatus } from './status-data.ts';
import type { SigningVersion, VersionStatus } from './status-data.ts';
import { hintsOf, statusInWords } from './status-text.ts';
import { listVersions, readValue, secretOf } from './stored.ts';
import type { LabelledVersion, StoredSecret } from './stored.ts';

const input = z.object({
  source: z.string().optional().describe('one source, or one HTTP target: <source>.<target>; default: all of them'),
});

/** `ops secret status`: what is stored, and whether it works. */
export const secretStatus = operation({
  name: 'secret status',
  summary:
    'Shows the stored versions, their age, whether verifiers take them, and when each last matched a delivery; of an HTTP target, which of them sign.',
  ...{ input, output: z.array(SecretStatus), positional: ['source'] },
  effect: 'reads',
  permissions: [
    ...['secretsmanager:ListSecretVersionIds', 'secretsmanager:GetSecretValue', 'kms:Decrypt'],
    'cloudwatch:GetMetricData',
  ],
  run: showSecrets,
});

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

async function showSecrets(ops: Ops, { source }: z.infer<typeof input>): Promise<Report<SecretStatus[]>> {
  const names = source === undefined ? lanesWithSecret(ops.config.sources).map(({ name }) => name) : [source];
  const data = await Promise.all(names.map(async (name) => statusOf(await secretOf(name, ops), ops)));
  const hints = data.flatMap(hintsOf);
  return { text: [...statusInWords(data, ops.clock()), ...hints], data, ok: hints.length === 0 };
}

async function statusOf(secret: StoredSecret, ops: Ops): Promise<SecretStatus> {
  const { source, id, rotationDays } = secret;
  const versions = await listVersions(secret);
  const current = versions.find(({ label }) => label === 'current');
  const graceEnd = new Date((current?.createdAt.getTime() ?? 0) + secret.previousGraceHours * HOUR_MS);
  const uses = await Promise.all(versions.map((version) => useOf(version, graceEnd, secret, ops)));
  const stored = { source, secret: id, rotation: rotationDays === undefined ? 'by hand' : 'automatic' } as const;
  if (isTarget(source)) return { ...stored, signs: true, versions: uses.map(signing) };
  const matches = await lastMatches(source, versions, ops.clock(), ops.gateway);
  return { ...stored, versions: uses.map((use) => verifying(use, matches)) };
}

/** A version and whether it is used, whether to verify or to sign. */
interface Use {
  readonly version: LabelledVersion;
  readonly ageDays: number;
  /** Null if these credentials may not read it. */
  readonly isUsed: boolean | null;
  /** ISO 8601; undefined if no end is set. */
  readonly until: string | undefined;
  readonly flaw: string | null;
}

async function useOf(version: LabelledVersion, graceEnd: Date, secret: StoredSecret, ops: Ops): Promise<Use> {
  const flaw = await flawOf(version, secret, ops);
  const ends = version.label === 'previous';
  return {
    version,
    ageDays: Math.floor((ops.clock() - version.createdAt.getTime()) / DAY_MS),
    isUsed: flaw === undefined ? null : flaw === null && !(ends && graceEnd.getTime() <= ops.clock()),
    until: ends ? graceEnd.toISOString() : undefined,
    flaw: flaw ?? null,
  };
}

function verifying({ version, ageDays, isUsed, until, flaw }: Use, matches: LastMatches): VersionStatus {
  const { label, versionId, createdAt } = version;
  return {
    ...{ label, versionId, createdAt: createdAt.toISOString(), ageDays },
    lastMatchedAt: matches.get(label)?.toISOString() ?? null,
    ...(until !== undefined && { acceptedUntil: until }),
    ...{ accepted: isUsed, flaw },
  };
}

function signing({ version, ageDays, isUsed, until, flaw }: Use): SigningVersion {
  const { label, versionId } = version;
  const createdAt = version.createdAt.toISOString();
  return {
    ...{ label, versionId, createdAt, ageDays, signs: isUsed, signsSince: createdAt },
    ...(until !== undefined && { signsUntil: until }),
    flaw,
  };
}

/** Why a version is not used; null if it is, undefined if these credentials may not read it. */
async function flawOf({ label }: LabelledVersion, secret: StoredSecret, ops: Ops): Promise<string | null | undefined> {
  try {
    const stored = await readValue(secret, label);
    return stored === undefined ? 'is gone' : (storedFlaw(stored.value, secret, ops) ?? null);
  } catch (error) {
    if (error instanceof Error && /AccessDenied|DecryptionFailure|KMS/.test(error.name)) return undefined;
    throw error;
  }
}
