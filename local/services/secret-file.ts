import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { z } from 'zod';
import type { StoredSecret } from './stored-secret.ts';

const Stored = z.array(
  z.object({
    name: z.string(),
    arn: z.string(),
    createdAt: z.number(),
    changedAt: z.number(),
    versions: z.array(
      z.object({ id: z.string(), value: z.string(), createdAt: z.number(), stages: z.array(z.string()) }),
    ),
  }),
);

/** The secrets in a file; empty if there is no file yet. */
export function readSecrets(file: string): StoredSecret[] {
  if (!existsSync(file)) return [];
  return Stored.parse(JSON.parse(readFileSync(file, 'utf8'))).map(({ versions, ...secret }) => ({
    ...secret,
    versions: new Map(versions.map(({ stages, ...version }) => [version.id, { ...version, stages: new Set(stages) }])),
  }));
}

/** Replaces the file in one step, so that a process that is killed leaves the old one or the new one. For its owner alone. */
export function writeSecrets(file: string, secrets: readonly StoredSecret[]): void {
  const stored = secrets.map(({ versions, ...secret }) => ({
    ...secret,
    versions: [...versions.values()].map(({ stages, ...version }) => ({ ...version, stages: [...stages] })),
  }));
  writeFileSync(`${file}.new`, JSON.stringify(stored), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}
