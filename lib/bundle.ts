import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { BuildOptions } from 'esbuild';
import { REPOSITORY } from './config/config.ts';

/** What to bundle. */
export interface BundleRequest {
  /** The handler file of the function, relative to the repository: `lambdas/verifier/handler.ts`. */
  readonly entry: string;
  /** Absolute path of a customer's handler file, to stand in the place of publishing to the bus. */
  readonly customerHandler?: string | undefined;
}

/** Bundles a function, and answers the directory of the code: a CommonJS module, `index.js`, and what it loads on demand. */
export type Bundler = (request: BundleRequest) => string;

const BUNDLES = join(REPOSITORY, '.hookgate/bundles');
const done = new Map<string, string>();

/**
 * Bundles a function for Node 24, once for all functions that run the same code. CDK's NodejsFunction is not used: it starts
 * esbuild anew for every function, and takes a second each, where every verifier is the same file.
 */
export const bundle: Bundler = ({ entry, customerHandler }) => {
  const key = `${entry}\n${customerHandler ?? ''}`;
  const known = done.get(key);
  if (known !== undefined && existsSync(known)) return known;
  const directory = store(build(entry, customerHandler));
  done.set(key, directory);
  return directory;
};

/**
 * What a function may load on demand, by the name that it imports it by: a file of its own beside `index.js`. In one file
 * with the rest it would be read at every cold start, though not run.
 */
const ON_DEMAND = new Map([['#s3', { entry: 'lambdas/adapters/s3.ts', file: 's3.js' }]]);

/** A bundle's files by name. */
type Files = ReadonlyMap<string, string | Uint8Array>;

function build(entry: string, customerHandler: string | undefined): Files {
  const index = buildFile(entry, customerHandler);
  const parts = [...ON_DEMAND].filter(([name]) => index.imports.has(name));
  const imports = Object.fromEntries(parts.map(([name, { file }]) => [name, `./${file}`]));
  return new Map<string, string | Uint8Array>([
    ['index.js', index.code],
    ...parts.map(([, part]) => [part.file, buildFile(part.entry).code] as const),
    // Whatever package the directory lies in, on this machine, may say that its files are ES modules.
    ['package.json', `${JSON.stringify({ type: 'commonjs', imports })}\n`],
  ]);
}

function buildFile(entry: string, customerHandler?: string) {
  const { outputFiles, metafile } = buildSync({
    ...BUNDLE_OPTIONS,
    entryPoints: [join(REPOSITORY, entry)],
    alias: customerHandler === undefined ? CREDENTIALS_OF_LAMBDA : replaceHandler(customerHandler),
    write: false,
    metafile: true,
  });
  const [output] = outputFiles;
  if (!output) throw new Error(`esbuild made nothing of ${entry}`);
  const imports = Object.values(metafile.outputs).flatMap((file) => file.imports.map(({ path }) => path));
  const inputs = Object.values(metafile.outputs).flatMap((file) => Object.entries(file.inputs));
  const used = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path);
  return { code: output.contents, imports: new Set(imports), used };
}

/** The files that a function's code is made of, also what it loads on demand; relative to the repository. */
export function bundledFiles(entry: string): string[] {
  const { imports, used } = buildFile(entry);
  const onDemand = [...ON_DEMAND].filter(([name]) => imports.has(name));
  return [...used, ...onDemand.flatMap(([, part]) => buildFile(part.entry).used)];
}

/** How a function is bundled; the benchmark bundles what it compares in the same way. */
export const BUNDLE_OPTIONS = {
  absWorkingDir: REPOSITORY,
  bundle: true,
  external: [...ON_DEMAND.keys()],
  outfile: 'index.js',
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  // The SDK's ES modules can be shaken: with `main` first the same bundle is half as large again, and slower to load.
  mainFields: ['module', 'main'],
  // A third of the size. Names are kept, for logs name errors; a source map would serve nobody, for no stack is logged.
  minify: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'silent',
} as const satisfies BuildOptions;

/**
 * Lambda hands a function its credentials in the environment. The SDK looks for them in five other places too, with clients
 * of four more services: almost a third of a bundle. A customer's own handler keeps all of it, for what it does is its own affair.
 */
export const CREDENTIALS_OF_LAMBDA = {
  '@aws-sdk/credential-provider-node': join(REPOSITORY, 'lambdas/adapters/lambda-credentials.ts'),
};

/** The processor's own imports, led to the adapter for a customer's handler, and from there to the customer's file. */
const replaceHandler = (customerHandler: string): Record<string, string> => ({
  '#handler': join(REPOSITORY, 'lambdas/processor/each-event.ts'),
  '#customer-handler': customerHandler,
});

/** Puts the code where its hash says, in one step: another process may be about to do the same. */
function store(files: Files): string {
  const hash = createHash('sha256');
  for (const [name, content] of files) hash.update(`${name}\n`).update(content);
  const directory = join(BUNDLES, hash.digest('hex').slice(0, 16));
  if (existsSync(directory)) return directory;
  mkdirSync(BUNDLES, { recursive: true });
  const temporary = mkdtempSync(join(BUNDLES, 'new-'));
  for (const [name, content] of files) writeFileSync(join(temporary, name), content);
  try {
    renameSync(temporary, directory);
  } catch (error) {
    if (!existsSync(directory)) throw error;
  }
  return directory;
}
