import { buildSync } from 'esbuild';
import type { BuildFailure, BuildOptions, Message } from 'esbuild';
import { inputsOf, noteInputs } from './bundle-inputs.ts';
import { ConfigError } from './config/config.ts';
import { shownFrom, shownPath } from './places.ts';

/** The file of a bundle that holds a customer's handler. */
export const CUSTOMER_FILE = 'customer.mjs';

/** An ES module, so that the customer's file means in Lambda what it means to Node. CommonJS modules that it imports run too. */
const AS_MODULE = {
  format: 'esm',
  outfile: CUSTOMER_FILE,
  // A CommonJS module finds Node's own modules by `require`, and where it is by these names.
  banner: {
    js: `import{createRequire as __hookgateRequire}from'node:module';globalThis.require??=__hookgateRequire(import.meta.url);`,
  },
  define: { __dirname: 'import.meta.dirname', __filename: 'import.meta.filename' },
} as const satisfies BuildOptions;

/** A customer's handler file. */
export interface HandlerFile {
  /** Absolute. */
  readonly path: string;
  /** The name of the configuration file that names it, for messages. Default: `hookgate.config.ts`. */
  readonly configFile?: string | undefined;
}

/** Bundles a customer's handler file. Throws a ConfigError that says what the bundler has against the customer's own files. */
export function buildCustomerHandler({ path, configFile }: HandlerFile, options: BuildOptions): Uint8Array {
  const file = shownPath(path);
  try {
    const { outputFiles, warnings, metafile } = buildSync({
      ...{ ...options, ...AS_MODULE },
      // The bundler names the customer's files relative to it.
      absWorkingDir: shownFrom(),
      ...{ entryPoints: [path], write: false, metafile: true },
    });
    noteInputs(inputsOf(metafile, shownFrom()));
    const own = warnings.filter(({ location }) => !location?.file.includes('node_modules/'));
    const problems = own.map((message) => describe(message, file));
    if (problems.length > 0) throw new ConfigError(problems, configFile);
    const [output] = outputFiles;
    if (!output) throw new Error(`esbuild made nothing of ${file}`);
    return output.contents;
  } catch (error) {
    if (!isBuildFailure(error)) throw error;
    const problems = error.errors.map((message) => describe(message, file));
    throw new ConfigError(problems, configFile);
  }
}

/** Advice on what to change, by the bundler's name of the warning. */
const ADVICE: Readonly<Record<string, string>> = {
  'commonjs-variable-in-esm':
    'Node reads this file as an ES module: write "export const handler = …", or rename the file to .cjs',
};

function describe({ id, text, location }: Message, handler: string): string {
  const at = location ? `${location.file}:${location.line}` : handler;
  return `${at}: ${ADVICE[id] ? `${text.replace(/\.$/, '')}. ${ADVICE[id]}` : text} (the handler ${handler})`;
}

const isBuildFailure = (error: unknown): error is BuildFailure =>
  typeof error === 'object' && error !== null && 'errors' in error;
