/**
 * What `npm pack` runs first: makes `dist/`, the package as it is installed. Below it the folders are those of the repository, so that
 * code finds other code, the docs and the examples in the same way in both.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, cpSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import process from 'node:process';
import { buildPage } from '../cli/console/build.ts';
import { PACKAGE } from '../lib/places.ts';

const DIST = join(PACKAGE, 'dist');

/** Files that are in the package as they are: what commands read, and what a person may read there. */
const COPIED = ['bin/hookgate.js', 'docs/**/*.md', 'examples/new-provider/*', 'examples/new-repository/**'];

interface Manifest {
  readonly version: string;
  readonly type: string;
  readonly imports: Readonly<Record<string, string>>;
}

/** Compiles the code and its types. Nothing of it is bundled: a customer's own bundles are made of the same files. */
function compile(): void {
  const compiler = join(PACKAGE, 'node_modules/typescript/bin/tsc');
  const { status } = spawnSync(process.execPath, [compiler, '--project', join(PACKAGE, 'package/tsconfig.json')], {
    stdio: 'inherit',
  });
  if (status !== 0) throw new Error('the package cannot be compiled');
  // The compiler leaves these names as they are, and there is no such file beside a declaration.
  for (const file of globSync('**/*.d.ts', { cwd: DIST }).map((name) => join(DIST, name)))
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(/(['"]\.{1,2}\/[^'"]+)(?<!\.d)\.ts(?=['"])/g, '$1.js'));
}

function copy(): void {
  for (const file of globSync(COPIED, { cwd: PACKAGE, withFileTypes: true }).filter((entry) => entry.isFile())) {
    const path = join(file.parentPath, file.name);
    const target = join(DIST, path.slice(PACKAGE.length));
    mkdirSync(dirname(target), { recursive: true });
    cpSync(path, target);
  }
  chmodSync(join(DIST, 'bin/hookgate.js'), 0o755);
}

/** The scope of `dist/`: by these names Node and the bundler find what a function imports, and commands read the version. */
function describe(): void {
  const { version, type, imports } = JSON.parse(readFileSync(join(PACKAGE, 'package.json'), 'utf8')) as Manifest;
  const compiled = Object.entries(imports).map(([name, path]) => [name, path.replace(/\.ts$/, '.js')]);
  const content = { version, type, imports: Object.fromEntries(compiled) as Record<string, string> };
  writeFileSync(join(DIST, 'package.json'), `${JSON.stringify(content, null, 2)}\n`);
}

rmSync(DIST, { recursive: true, force: true });
compile();
copy();
describe();
const page = join(DIST, 'console');
await buildPage(page, join(page, 'built'));
