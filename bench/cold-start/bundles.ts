import { buildSync } from 'esbuild';
import type { BuildOptions } from 'esbuild';
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { providerNamed } from '../../lambdas/providers/index.ts';
import { bundle, BUNDLE_OPTIONS, CREDENTIALS_OF_LAMBDA, optionsFor } from '../../lib/bundle.ts';
import { REPOSITORY } from '../../lib/config/config.ts';
import { registeredFile } from '../../lib/config/provider-file.ts';

/** Code that is bundled as a function is, and loaded. */
export interface Bundle {
  readonly name: string;
  readonly directory: string;
  /** Bytes of index.js, which a cold start reads. */
  readonly bytes: number;
  /** Environment variables beside those of every function. */
  readonly environment?: Readonly<Record<string, string>>;
}

/** SDK clients by package, and the commands used of each. */
export type Clients = Readonly<Record<string, readonly [client: string, ...commands: string[]]>>;

const STORE = ['DynamoDBClient', 'GetItemCommand', 'PutItemCommand', 'UpdateItemCommand'] as const;

/** The clients and commands of the SDK that each function needs, by the function's directory. */
export const CLIENTS = {
  verifier: {
    dynamodb: STORE,
    sqs: ['SQSClient', 'SendMessageCommand'],
    'secrets-manager': ['SecretsManagerClient', 'GetSecretValueCommand'],
  },
  processor: {
    dynamodb: STORE,
    eventbridge: ['EventBridgeClient', 'PutEventsCommand'],
    s3: ['S3Client', 'GetObjectCommand', 'PutObjectCommand'],
  },
  poller: {
    dynamodb: STORE,
    sqs: ['SQSClient', 'SendMessageCommand'],
    'secrets-manager': ['SecretsManagerClient', 'GetSecretValueCommand', 'DescribeSecretCommand'],
  },
  rotator: {
    'secrets-manager': [
      ...(['SecretsManagerClient', 'GetSecretValueCommand', 'DescribeSecretCommand'] as const),
      ...['PutSecretValueCommand', 'UpdateSecretVersionStageCommand'],
    ],
  },
  'secret-age': { 'secrets-manager': ['SecretsManagerClient', 'DescribeSecretCommand'] },
} as const satisfies Record<string, Clients>;

/** A function that does nothing but make its clients, or have them at hand, and its commands. */
export function bareCode(clients: Clients, makes = true): string {
  const entries = Object.entries(clients);
  return [
    ...entries.map(([name, names]) => `import { ${names.join(', ')} } from '@aws-sdk/client-${name}';`),
    ...entries.map(([, [client]], index) => `export const client${index} = ${makes ? `new ${client}({})` : client};`),
    `export const commands = [${entries.flatMap(([, [, ...commands]]) => commands).join(', ')}];`,
    'export const handler = async () => ({ statusCode: 200 });',
  ].join('\n');
}

export const LEAN: BuildOptions = { alias: CREDENTIALS_OF_LAMBDA };

/** A provider that has every function. A function that reads its deliveries or calls its API holds this one, and no other. */
export const PROVIDER = 'optum';
const provider = registeredFile(providerNamed(PROVIDER));

/** The directory of a function's bundle, as it is deployed. */
export const deployed = (name: string): string => bundle({ entry: `lambdas/${name}/handler.ts`, provider });

/** The options that give a function the provider, beside others. */
export function forProvider({ alias, ...options }: BuildOptions = {}): BuildOptions {
  return { ...options, alias: { ...alias, ...(provider && optionsFor(provider).alias) } };
}

/** Bundles code as lib/bundle.ts does, apart from what `options` say, into a directory of its own. */
export function made(name: string, parent: string, code: string, options: BuildOptions = {}): Bundle {
  const { outputFiles } = buildSync({
    ...BUNDLE_OPTIONS,
    stdin: { contents: code, resolveDir: REPOSITORY, loader: 'ts' },
    ...options,
    write: false as const,
  });
  const [output] = outputFiles;
  const directory = join(parent, name.replaceAll(/\W+/g, '-'));
  mkdirSync(directory);
  writeFileSync(join(directory, 'index.js'), output?.contents ?? '');
  writeFileSync(join(directory, 'package.json'), '{"type":"commonjs"}\n');
  return bundled(name, directory);
}

/** A bundle that is there. */
export const bundled = (name: string, directory: string): Bundle => ({
  name,
  directory,
  bytes: statSync(join(directory, 'index.js')).size,
});

/** Bytes of every file of a bundle. */
export const allBytes = ({ directory }: Bundle): number =>
  readdirSync(directory).reduce((sum, file) => sum + statSync(join(directory, file)).size, 0);

/** Bytes of a function's bundle by the package that they come from, the largest first. */
export function breakdown(name: string): [from: string, bytes: number][] {
  const entryPoints = [join(REPOSITORY, `lambdas/${name}/handler.ts`)];
  const options = { ...BUNDLE_OPTIONS, ...forProvider(LEAN), entryPoints };
  const { metafile } = buildSync({ ...options, write: false, metafile: true });
  const sums = new Map<string, number>();
  for (const { inputs } of Object.values(metafile.outputs)) {
    for (const [file, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1] ?? 'Hookgate';
      sums.set(name, (sums.get(name) ?? 0) + bytesInOutput);
    }
  }
  return [...sums].toSorted(([, a], [, b]) => b - a);
}
