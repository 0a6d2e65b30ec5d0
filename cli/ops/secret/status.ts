import { z } from 'zod';
import { ago } from '../../text/ago.ts';
import { table } from '../../text/blocks.ts';
import { optionalSource, time } from '../inputs.ts';
import { next } from '../next.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { lastMatches } from './last-match.ts';
import { storedFlaw } from './new-secret.ts';
import { listVersions, readValue, secretOf } from './stored.ts';
import type { LabelledVersion, StoredSecret } from './stored.ts';

const input = z.object({ source: optionalSource });

const VersionStatus = z.object({
  label: z.string(),
  versionId: z.string(),
  createdAt: time,
  ageDays: z.number().describe('whole days'),
  lastMatchedAt: time.nullable(),
  acceptedUntil: time.optional().describe('of the previous version'),
  accepted: z.boolean().nullable().describe('whether verifiers take it; null if your credentials may not read it'),
  flaw: z.string().nullable().describe('why verifiers refuse it'),
});
export type VersionStatus = z.infer<typeof VersionStatus>;

const SecretStatus = z.object({
  source: z.string(),
  secret: z.string(),
  rotation: z.enum(['automatic', 'by hand']),
  versions: z.array(VersionStatus),
});
export type SecretStatus = z.infer<typeof SecretStatus>;

/** `ops secret status`: what is stored, and whether it works. */
export const secretStatus = operation({
  name: 'secret status',
  summary: 'Shows the stored versions, their age, whether verifiers take them, and when each last matched a delivery.',
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
  const names = source === undefined ? ops.config.sources.map(({ name }) => name) : [source];
  const data = await Promise.all(names.map(async (name) => statusOf(await secretOf(name, ops), ops)));
  const hints = data.flatMap(hintsOf);
  return {
    text: [
      table(
        ['source', 'rotation', 'label', 'version', 'age', 'last matched', 'accepted'],
        data.flatMap((each) => rowsOf(each, ops.clock())),
      ),
      ...hints,
    ],
    data,
    ok: hints.length === 0,
  };
}

async function statusOf(secret: StoredSecret, ops: Ops): Promise<SecretStatus> {
  const { clock, gateway } = ops;
  const versions = await listVersions(secret);
  const matches = await lastMatches(secret.source, versions, clock(), gateway);
  const current = versions.find(({ label }) => label === 'current');
  const graceEnd = (current?.createdAt.getTime() ?? 0) + secret.previousGraceHours * HOUR_MS;
  const describe = async (version: LabelledVersion): Promise<VersionStatus> => {
    const { label, versionId, createdAt } = version;
    const flaw = await flawOf(version, secret, ops);
    const isOver = label === 'previous' && graceEnd <= clock();
    return {
      ...{ label, versionId, createdAt: createdAt.toISOString() },
      ageDays: Math.floor((clock() - createdAt.getTime()) / DAY_MS),
      lastMatchedAt: matches.get(label)?.toISOString() ?? null,
      ...(label === 'previous' && { acceptedUntil: new Date(graceEnd).toISOString() }),
      accepted: flaw === undefined ? null : flaw === null && !isOver,
      flaw: flaw ?? null,
    };
  };
  return {
    source: secret.source,
    secret: secret.id,
    rotation: secret.rotationDays === undefined ? 'by hand' : 'automatic',
    versions: await Promise.all(versions.map(describe)),
  };
}

/** Why verifiers refuse a version; null if they take it, undefined if these credentials may not read it. */
async function flawOf({ label }: LabelledVersion, secret: StoredSecret, ops: Ops): Promise<string | null | undefined> {
  try {
    const stored = await readValue(secret, label);
    return stored === undefined ? 'is gone' : (storedFlaw(stored.value, secret, ops) ?? null);
  } catch (error) {
    if (error instanceof Error && /AccessDenied|DecryptionFailure|KMS/.test(error.name)) return undefined;
    throw error;
  }
}

function rowsOf({ source, rotation, versions }: SecretStatus, now: number): string[][] {
  if (versions.length === 0) return [[source, rotation, '-', '-', '-', '-', 'nothing']];
  return versions.map((version, index) => [
    ...(index === 0 ? [source, rotation] : ['', '']),
    version.label,
    version.versionId.slice(0, 8),
    ago(version.createdAt, now),
    version.lastMatchedAt === null ? 'never' : `${ago(version.lastMatchedAt, now)} ago`,
    acceptance(version),
  ]);
}

function acceptance({ accepted, flaw, acceptedUntil }: VersionStatus): string {
  if (flaw !== null) return `no: it ${flaw}`;
  if (accepted === null) return 'unknown: it may not be read';
  if (!accepted) return 'no longer';
  return acceptedUntil === undefined ? 'yes' : `until ${acceptedUntil}`;
}

/** Hints for a source whose deliveries cannot be verified, or about a version that is refused. */
function hintsOf({ source, versions }: SecretStatus): string[] {
  const [current, pending] = ['current', 'pending'].map((label) => versions.find((version) => version.label === label));
  return [
    ...(current === undefined ? [next(`${source} has no secret yet`, `secret set ${source}`)] : []),
    ...(current && current.flaw !== null
      ? [next(`the current secret of ${source} ${current.flaw}, and is refused`, `secret set ${source}`)]
      : []),
    ...(pending && pending.flaw !== null
      ? [next(`the pending secret of ${source} ${pending.flaw}, and is refused`, `secret stage ${source} --replace`)]
      : []),
  ];
}
