import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isObject } from '../../lambdas/core/json.ts';
import { providers } from '../../lambdas/providers/index.ts';
import { ConfigError, resolveConfig } from '../../lib/config/config.ts';
import { PACKAGE } from '../../lib/places.ts';
import { OperatorError } from '../operator-error.ts';
import { withScripts } from './scripts.ts';

/** The choices that a new repository starts with. */
export interface NewRepository {
  /** The folder to write into. */
  readonly directory: string;
  /** The name of the first source's provider. */
  readonly provider: string;
  /** The address that critical alarms go to; absent if there is none yet. */
  readonly email?: string | undefined;
}

const TEMPLATE = join(PACKAGE, 'examples/new-repository');

/** Files that a new repository may have already, and keeps. */
const OWN: ReadonlySet<string> = new Set(['.gitignore', 'README.md']);

/** The files of a new repository, and the file of the template that each is made of. */
const filesFor = (provider: string): readonly (readonly [path: string, from: string])[] => [
  ['hookgate.config.ts', 'hookgate.config.ts'],
  [`handlers/${provider}.ts`, 'handlers/stripe.ts'],
  [`handlers/${provider}.test.ts`, 'handlers/stripe.test.ts'],
  ['cdk.json', 'cdk.json'],
  ['tsconfig.json', 'tsconfig.json'],
  // npm leaves files with these names out of a package, or reads them.
  ['.gitignore', 'gitignore'],
  ['.github/workflows/deploy.yml', 'github/workflows/deploy.yml'],
  ['README.md', 'README.md'],
];

/**
 * Writes a small repository, and returns the paths of its files, relative to its folder. Throws an {@link OperatorError} if one of
 * them is there already, or the provider cannot be a first source: nothing is written then.
 */
export function initRepository({ directory, provider, email }: NewRepository): string[] {
  checkProvider(provider);
  if (email !== undefined && !/^[^\s@'\\]+@[^\s@'\\]+$/.test(email))
    throw new OperatorError(`"${email}" is not an e-mail address.`);
  const files = filesFor(provider).filter(([path]) => !OWN.has(path) || !existsSync(join(directory, path)));
  const there = files.map(([path]) => path).filter((path) => existsSync(join(directory, path)));
  if (there.length > 0)
    throw new OperatorError(
      `${there.join(', ')}: there already, and nothing is written. Use an empty folder; docs/add-to-an-app.md says how to add Hookgate to a CDK app.`,
    );
  const manifest = manifestFor(directory);
  for (const [path, from] of files) {
    mkdirSync(dirname(join(directory, path)), { recursive: true });
    writeFileSync(join(directory, path), filled(readFileSync(join(TEMPLATE, from), 'utf8'), provider, email));
  }
  writeFileSync(join(directory, 'package.json'), manifest);
  return [...files.map(([path]) => path), 'package.json'];
}

/** The first source says its provider and nothing else: one that needs options would not be synthesized. */
function checkProvider(name: string): void {
  if (!providers.has(name))
    throw new OperatorError(`The catalogue has no provider "${name}": npx hookgate providers lists them.`);
  try {
    resolveConfig({ sources: { [name]: { provider: name } } });
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    const [problem = ''] = error.problems;
    throw new OperatorError(
      `A source of ${name} needs more than its name (${problem}): start with another provider, and add it to hookgate.config.ts then.`,
    );
  }
}

/** The package.json of the folder with the scripts in it. */
function manifestFor(directory: string): string {
  const path = join(directory, 'package.json');
  const manifest: unknown = existsSync(path) ? parsed(path) : { private: true };
  if (!isObject(manifest)) throw new OperatorError(`${path} does not hold an object.`);
  // Without a "type" Node takes code for CommonJS too.
  if (existsSync(path) && manifest.type !== 'module' && hasCode(directory))
    throw new OperatorError(
      `${path} ${manifest.type === undefined ? 'has no "type"' : `says "type": ${JSON.stringify(manifest.type)}`}, and this folder has code already, which "type": "module" would change. Use an empty folder, or set "type": "module" yourself if the code is of ES modules.`,
    );
  return `${JSON.stringify(withScripts(manifest), null, 2)}\n`;
}

/** The package.json as it is. One of an editor may begin with a byte-order mark, which npm reads over. */
function parsed(path: string): unknown {
  try {
    return JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new OperatorError(`${path} cannot be read: ${reason}. Correct it, and nothing is written until then.`);
  }
}

/** Whether a folder has code that the "type" of its package.json decides on, in it or below. */
const hasCode = (directory: string): boolean =>
  readdirSync(directory, { withFileTypes: true }).some((entry) =>
    entry.isDirectory()
      ? !IGNORED.has(entry.name) && hasCode(join(directory, entry.name))
      : /\.[jt]sx?$/.test(entry.name),
  );

/** Folders whose code is not the folder's own. */
const IGNORED: ReadonlySet<string> = new Set(['.git', 'cdk.out', 'node_modules']);

/** A file of the template for this provider; what it imports is the package's. */
const filled = (text: string, provider: string, email: string | undefined): string =>
  text
    .replaceAll(/'(?:\.\.\/)+package\/index\.ts'/g, "'hookgate'")
    .replaceAll(/'(?:\.\.\/)+package\/(\w+)\.ts'/g, "'hookgate/$1'")
    .replaceAll(/\bstripe: \{/g, `${/^[a-z\d]+$/.test(provider) ? provider : `'${provider}'`}: {`)
    .replaceAll(/\bstripe\b/g, provider)
    .replace('critical: []', () => (email === undefined ? 'critical: []' : `critical: ['${email}']`));
