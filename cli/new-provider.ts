import { existsSync, mkdirSync, readFileSync, realpathSync, writeFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { withFacts } from './providers/page.ts';
import { OperatorError } from './operator-error.ts';
import { providers } from '../lambdas/providers/index.ts';
import { loadOwnProvider } from '../lib/config/own-providers.ts';
import { IS_COMPILED, PACKAGE } from '../lib/places.ts';

/** A provider to make files for. */
export interface NewProvider {
  readonly name: string;
  /** The name as the vendor writes it. Default: the words of the name, each with a capital. */
  readonly title?: string | undefined;
  /** The folder to put the file into; a folder of its name beside it takes the rest. */
  readonly directory: string;
  /** Whether it is for a repository that has Hookgate as a package: its checks are then a test beside it. Default: as this runs. */
  readonly ofPackage?: boolean;
}

const TEMPLATE = join(PACKAGE, 'examples/new-provider');
const NAME = /^[a-z][a-z\d]*(-[a-z\d]+)*$/;

const titleOf = (name: string): string =>
  name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join(' ');

/**
 * Makes the files of a customer's own provider from the template, and returns their paths, the provider's own first. Throws an
 * {@link OperatorError} if the name is taken or one of the files is there: nothing is written over.
 */
export async function newProvider({
  name,
  title = titleOf(name),
  directory,
  ofPackage = IS_COMPILED,
}: NewProvider): Promise<string[]> {
  if (!NAME.test(name) || name.length > 32)
    throw new OperatorError(
      `"${name}" cannot be the name of a provider: use lower-case letters, digits and hyphens, a letter first, 32 at most.`,
    );
  if (providers.has(name)) throw new OperatorError(`The catalogue has ${name} already: write { provider: '${name}' }.`);
  if (!/^[^'\\`\n]+$/.test(title)) throw new OperatorError('The title cannot have quotes, backslashes or line breaks.');
  const folder = join(directory, name);
  const [file, page] = [join(directory, `${name}.ts`), join(folder, 'README.md')];
  const targets: readonly (readonly [path: string, from: string])[] = [
    [file, 'provider.ts'],
    [join(folder, 'created.body'), 'created.body'],
    [join(folder, 'created.json'), 'created.json'],
    [page, 'page.md'],
    ...(ofPackage ? [[join(directory, `${name}.test.ts`), 'checks.ts'] as const] : []),
  ];
  const there = targets.find(([path]) => existsSync(path));
  if (there) throw new OperatorError(`${there[0]} is there already; nothing is written.`);
  mkdirSync(folder, { recursive: true });
  for (const [path, from] of targets) writeFileSync(path, filled(from, { name, title, directory, ofPackage }));
  const made = await loadOwnProvider(file);
  if (typeof made === 'string') throw new OperatorError(`${file} ${made}.`);
  const text = readFileSync(page, 'utf8');
  writeFileSync(page, withFacts(text, made.provider) ?? text);
  return targets.map(([path]) => path);
}

/** A file of the template, filled in with this provider. */
function filled(
  from: string,
  { name, title, directory, ofPackage }: Required<NewProvider> & { readonly title: string },
): string | Buffer {
  const content = readFileSync(join(TEMPLATE, from));
  if (from.endsWith('.body')) return content;
  return withImports(content.toString(), directory, ofPackage)
    .replaceAll(/\bacme\b/g, name)
    .replaceAll(/\bAcme\b/g, () => title);
}

/** The template's text with imports that a file in that directory can have: of the repository, or of the package. */
function withImports(text: string, directory: string, ofPackage: boolean): string {
  if (ofPackage)
    return text
      .replaceAll(/'\.\.\/\.\.\/lambdas\/core\/schemes\/[\w-]+\.ts'/g, "'hookgate/schemes'")
      .replaceAll(/'\.\.\/\.\.\/lambdas\/core\/[\w-]+\.ts'/g, "'hookgate'")
      .replaceAll("'../../package/testing.ts'", "'hookgate/testing'")
      .replaceAll("'./provider.ts'", "'./acme.ts'")
      .replaceAll('`npm run test:mine` names those that are left', '`npm test` says what is missing');
  const lambdas = relative(realpathSync(directory), join(PACKAGE, 'lambdas')).split(sep).join('/');
  return text.replaceAll('../../lambdas/', `${lambdas.startsWith('.') ? '' : './'}${lambdas}/`);
}

/** The line that names a provider's file in the configuration. */
export function configLine(name: string, file: string, configDirectory: string): string {
  const path = relative(realpathSync(configDirectory), realpathSync(file)).split(sep).join('/');
  return `${/^[a-z\d]+$/.test(name) ? name : `'${name}'`}: { provider: '${path.startsWith('.') ? '' : './'}${path}' },`;
}
