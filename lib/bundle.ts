import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import type { BuildOptions, BuildResult } from 'esbuild';
import { inputsOf, noteInputs } from './bundle-inputs.ts';
import { storeBundle } from './bundle-store.ts';
import type { BundleFiles } from './bundle-store.ts';
import { findBuilt, keepBuilt } from './built-store.ts';
import type { BuiltFile } from './built-store.ts';
import { checkBundle, checkedVariables } from './check-bundle.ts';
import type { HandlerMeans } from './config/handler.ts';
import type { TargetKind } from './config/targets.ts';
import type { ProviderFile } from './config/provider-file.ts';
import { buildCustomerHandler, CUSTOMER_FILE } from './customer-handler.ts';
import type { HandlerFile } from './customer-handler.ts';
import { codeFile, MADE, PACKAGE } from './places.ts';

/** A request to bundle a function. */
export interface BundleRequest {
  /** The handler file of the function, relative to the repository: `lambdas/verifier/handler.ts`. */
  readonly entry: string;
  /** Absolute path of a customer's handler file, which takes the place of publishing to the bus. */
  readonly customerHandler?: string | undefined;
  /** The means of that handler: it is loaded once with its variables. */
  readonly means?: Pick<HandlerMeans, 'environment' | 'secrets'> | undefined;
  /** The configuration, of which a message gives the name. */
  readonly config?: { readonly file?: string | undefined };
  /** The kind of the target to which a processor hands events over; `none` if its source has targets and no handler. */
  readonly handOver?: TargetKind | 'none' | undefined;
  /** The provider whose deliveries or API the function reads; absent for a function that knows none. */
  readonly provider?: ProviderFile | undefined;
}

/**
 * Bundles a function, and returns the directory of the code: a CommonJS module, `index.js`, and what it loads on demand. Throws
 * a ConfigError if the customer's handler cannot be bundled or loaded.
 */
export type Bundler = (request: BundleRequest) => string;

const done = new Map<string, string>();

/**
 * Bundles a function for Node 24, once for all functions that run the same code, and loads the bundle once to see that it can be
 * loaded. CDK's NodejsFunction is not used: it starts esbuild again for every function, and takes a second for each, although
 * every verifier is the same file.
 */
export const bundle: Bundler = ({ entry, customerHandler, means, config, handOver, provider }) => {
  const customer = customerHandler === undefined ? undefined : { path: customerHandler, configFile: config?.file };
  const variables = means ? checkedVariables(means) : {};
  const key = [entry, customerHandler, JSON.stringify(variables), handOver, provider?.path, provider?.exportName].join(
    '\n',
  );
  const known = done.get(key);
  if (known !== undefined && existsSync(known)) return known;
  const directory = storeBundle(
    build(entry, customer, handOver ? handingOver(handOver) : provider && optionsFor(provider)),
  );
  checkBundle(directory, customer && { ...customer, variables });
  done.set(key, directory);
  return directory;
};

/** Code that a function may load on demand: a file of its own beside `index.js`, and the file that it is made of. */
interface OnDemand {
  readonly file: string;
  readonly entry: string;
  readonly options?: BuildOptions;
}

/**
 * The code that functions may load on demand, by the name that they import it by. In one file with the rest it would be read at every
 * cold start, though not run.
 */
const ON_DEMAND = new Map<string, OnDemand>([
  ['#s3', { entry: 'lambdas/adapters/s3.ts', file: 's3.js' }],
  ['#published-keys', { entry: 'lambdas/verifier/published-keys.ts', file: 'published-keys.js' }],
  ['#queues', { entry: 'lambdas/processor/queues.ts', file: 'queues.js' }],
]);

/** A customer's handler is never in one file with the function's own code: its exports cannot take the place of the function's. */
function build(entry: string, customer: HandlerFile | undefined, options: BuildOptions | undefined): BundleFiles {
  const index = customer === undefined ? buildFile(entry, options) : buildFile(entry, CUSTOMERS);
  const parts = [...ON_DEMAND].filter(([name]) => index.imports.includes(name));
  const files = new Map<string, string | Uint8Array>([
    ['index.js', index.code],
    ...parts.map(([, part]) => [part.file, buildFile(part.entry).code] as const),
  ]);
  const imports = Object.fromEntries(parts.map(([name, { file }]) => [name, `./${file}`]));
  if (customer !== undefined) {
    files.set('runner.mjs', buildFile('lambdas/processor/runner.ts', RUNNER).code);
    files.set(CUSTOMER_FILE, buildCustomerHandler(customer, BUNDLE_OPTIONS));
    imports['#customer-handler'] = `./${CUSTOMER_FILE}`;
  }
  // Whatever package the directory is in, on this machine, may say that its files are ES modules.
  return files.set('package.json', `${JSON.stringify({ type: 'commonjs', imports })}\n`);
}

/** The files that have been built, by the options and the entry: one process builds each once. */
const built = new Map<BuildOptions, Map<string, BuiltFile>>();

const NO_OPTIONS: BuildOptions = {};
/** The bundler's result is kept here, with what it is made of. */
const NEEDED = { write: false, metafile: true } as const satisfies BuildOptions;

function buildFile(entry: string, options = NO_OPTIONS): BuiltFile {
  const known = built.get(options) ?? new Map<string, BuiltFile>();
  built.set(options, known);
  const made = known.get(entry) ?? buildOnce(entry, options);
  known.set(entry, made);
  return made;
}

function buildOnce(entry: string, options: BuildOptions): BuiltFile {
  const all = {
    ...BUNDLE_OPTIONS,
    ...options,
    alias: { ...CREDENTIALS_OF_LAMBDA, ...options.alias },
    entryPoints: [codeFile(entry)],
    ...NEEDED,
  };
  const file = findBuilt(all) ?? keepBuilt(all, builtFile(entry, buildSync(all)));
  noteInputs(file.inputs);
  return file;
}

function builtFile(entry: string, { outputFiles: [output], metafile }: BuildResult<typeof NEEDED>): BuiltFile {
  if (!output) throw new Error(`esbuild made nothing of ${entry}`);
  const files = Object.values(metafile.outputs);
  const inputs = files.flatMap((file) => Object.entries(file.inputs));
  return {
    code: output.text,
    imports: files.flatMap((file) => file.imports.map(({ path }) => path)),
    used: inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0).map(([path]) => path),
    inputs: inputsOf(metafile, PACKAGE),
  };
}

/** The files that a function's code is made of, also what it loads on demand; relative to the repository. */
export function bundledFiles(entry: string, provider?: ProviderFile): string[] {
  const { imports, used } = buildFile(entry, provider && optionsFor(provider));
  const onDemand = [...ON_DEMAND].filter(([name]) => imports.includes(name));
  return [...used, ...onDemand.flatMap(([, part]) => buildFile(part.entry).used)];
}

/** How a function is bundled; the benchmark bundles what it compares in the same way. */
export const BUNDLE_OPTIONS = {
  absWorkingDir: PACKAGE,
  bundle: true,
  external: [...ON_DEMAND.keys(), '#customer-handler'],
  outfile: 'index.js',
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  // The SDK's ES modules can be shaken: with `main` first the same bundle is half as large again, and slower to load.
  mainFields: ['module', 'main'],
  // A third of the size. Names are kept because logs name errors. A source map would serve nobody, because no stack is logged.
  minify: true,
  keepNames: true,
  legalComments: 'none',
  logLevel: 'silent',
  // A CommonJS module says where it is in this way.
  define: { 'import.meta.dirname': '__dirname' },
} as const satisfies BuildOptions;

/**
 * Lambda hands a function its credentials in the environment. The SDK looks for them in five other places too, with clients
 * of four more services: almost a third of a bundle. A customer's own handler keeps all of it: what it does is its own affair.
 */
export const CREDENTIALS_OF_LAMBDA = {
  '@aws-sdk/credential-provider-node': codeFile('lambdas/adapters/lambda-credentials.ts'),
};

/** Has the processor run a customer's handler in the place of publishing, in a process that is an ES module of its own. */
const CUSTOMERS = { alias: { '#handler': codeFile('lambdas/processor/run-customer-handler.ts') } };

/** Has the processor hand events over to a target; the same object for the same kind. */
function handingOver(kind: TargetKind | 'none'): BuildOptions {
  const known = kinds.get(kind);
  const options = known ?? { alias: { '#handler': codeFile(`lambdas/processor/targets/${kind}.ts`) } };
  kinds.set(kind, options);
  return options;
}

const kinds = new Map<string, BuildOptions>();

const RUNNER: BuildOptions = { format: 'esm', outfile: 'runner.mjs', define: {} };

/** The options of a bundle that holds this provider and no other; the same object for the same provider. */
export function optionsFor({ path, exportName }: ProviderFile): BuildOptions {
  const key = `${exportName} ${path}`;
  const known = providerOptions.get(key);
  if (known) return known;
  // The name by which a function imports its provider leads to a file of one line, and from there to the provider's own.
  const door = join(PROVIDERS, `${createHash('sha256').update(key).digest('hex').slice(0, 16)}.ts`);
  mkdirSync(PROVIDERS, { recursive: true });
  writeFileSync(door, `export { ${exportName} as provider } from ${JSON.stringify(path)};\n`);
  const options: BuildOptions = { alias: { '#provider': door } };
  providerOptions.set(key, options);
  return options;
}

const PROVIDERS = join(MADE, 'providers');
const providerOptions = new Map<string, BuildOptions>();
