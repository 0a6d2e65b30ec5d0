import type { Ops } from '../command.ts';
import { table } from '../output.ts';
import type { Report } from '../output.ts';
import { lastMatches } from './last-match.ts';
import { next } from './next.ts';
import { listVersions, secretOf } from './stored.ts';
import type { StoredSecret } from './stored.ts';

/** A version as `--json` shows it. Times are ISO 8601. */
interface VersionStatus {
  readonly label: string;
  readonly versionId: string;
  readonly createdAt: string;
  /** Whole days. */
  readonly ageDays: number;
  readonly lastMatchedAt: string | null;
  /** For the previous version: until when it is accepted. */
  readonly acceptedUntil?: string;
}

interface SourceStatus {
  readonly source: string;
  readonly secret: string;
  readonly rotation: 'automatic' | 'by hand';
  readonly versions: readonly VersionStatus[];
}

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** What is stored for each source, or for one, and when each version last matched a delivery. */
export async function secretStatus(ops: Ops, name: string | undefined): Promise<Report> {
  const names = name === undefined ? ops.config.sources.map((source) => source.name) : [name];
  const data = await Promise.all(names.map((each) => statusOf(secretOf(each, ops), ops)));
  const unset = data.filter(({ versions }) => versions.length === 0);
  const hints = unset.map(({ source }) => next(`${source} has no secret yet`, `secret set ${source}`));
  return {
    text: [
      table(
        ['source', 'rotation', 'label', 'version', 'age', 'last matched', 'accepted'],
        data.flatMap((status) => rowsOf(status, ops.clock())),
      ),
      ...hints,
    ].join('\n'),
    data,
  };
}

async function statusOf(secret: StoredSecret, { clock, target }: Ops): Promise<SourceStatus> {
  const versions = await listVersions(secret);
  const matches = await lastMatches(secret.source, versions, clock(), target);
  const current = versions.find(({ label }) => label === 'current');
  const graceEnd = (current?.createdAt.getTime() ?? 0) + secret.previousGraceHours * HOUR_MS;
  return {
    source: secret.source,
    secret: secret.id,
    rotation: secret.rotationDays === undefined ? 'by hand' : 'automatic',
    versions: versions.map(({ label, versionId, createdAt }) => ({
      label,
      versionId,
      createdAt: createdAt.toISOString(),
      ageDays: Math.floor((clock() - createdAt.getTime()) / DAY_MS),
      lastMatchedAt: matches.get(label)?.toISOString() ?? null,
      ...(label === 'previous' && { acceptedUntil: new Date(graceEnd).toISOString() }),
    })),
  };
}

function rowsOf({ source, rotation, versions }: SourceStatus, now: number): string[][] {
  if (versions.length === 0) return [[source, rotation, '-', '-', '-', '-', 'nothing']];
  return versions.map(({ label, versionId, createdAt, lastMatchedAt, acceptedUntil }, index) => [
    ...(index === 0 ? [source, rotation] : ['', '']),
    label,
    versionId.slice(0, 8),
    ago(createdAt, now),
    lastMatchedAt === null ? 'never' : `${ago(lastMatchedAt, now)} ago`,
    acceptedUntil === undefined ? 'yes' : Date.parse(acceptedUntil) > now ? `until ${acceptedUntil}` : 'no longer',
  ]);
}

/** A time that has passed, in one unit: `3 d`. */
function ago(time: string, now: number): string {
  const minutes = Math.max(0, Math.floor((now - Date.parse(time)) / 60_000));
  if (minutes < 60) return `${minutes} min`;
  return minutes < 48 * 60 ? `${Math.floor(minutes / 60)} h` : `${Math.floor(minutes / 1440)} d`;
}
