import { readFileSync } from 'node:fs';
import { arch, availableParallelism, cpus, loadavg, platform, totalmem } from 'node:os';
import { join } from 'node:path';
import { REPOSITORY } from '../lib/config/config.ts';

/** Packages whose versions the figures depend on. */
const PACKAGES = [
  ...['standardwebhooks', 'svix', '@octokit/webhooks-methods', 'stripe', '@hookflo/tern', 'express'],
  ...['@aws-sdk/client-dynamodb', '@aws-sdk/client-sqs', '@aws-sdk/client-secrets-manager', '@aws-sdk/client-s3'],
  ...['@aws-sdk/client-eventbridge', '@middy/core', '@aws-lambda-powertools/logger', '@aws-lambda-powertools/metrics'],
  ...['esbuild', 'dynalite', 'fauxqs'],
];

/** The kind of machine that the figures were taken on; nothing that names it. */
export const machine = () => ({
  node: process.version,
  platform: `${platform()} ${arch()}`,
  processor: cpus()[0]?.model ?? 'unknown',
  processors: availableParallelism(),
  memoryGb: Math.round(totalmem() / 1024 ** 3),
});

/** Processes that wanted a processor in the last minute. */
export const load = (): number => Math.round((loadavg()[0] ?? 0) * 10) / 10;

/** The versions that are installed. */
export const versions = (): Record<string, string> =>
  Object.fromEntries(
    PACKAGES.map((name) => {
      const text = readFileSync(join(REPOSITORY, 'node_modules', name, 'package.json'), 'utf8');
      return [name, (JSON.parse(text) as { readonly version: string }).version];
    }),
  );
