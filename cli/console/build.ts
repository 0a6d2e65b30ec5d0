import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';
import type { BuildOptions, Metafile } from 'esbuild';
import { INSTALLED_PACKAGES, MADE, PACKAGE } from '../../lib/places.ts';
import type { Asset, Assets } from './assets.ts';

const BUILDS = join(MADE, 'console');
/** The page as the package has it: what it is made of is not installed there. */
const PREBUILT = join(PACKAGE, 'console/built');
/** The files that the page is made of. The lock file tells of its packages. */
const SOURCES = ['console', 'cli/text', 'cli/console/build.ts'];

const OPTIONS = {
  absWorkingDir: PACKAGE,
  entryPoints: { console: 'console/main.tsx' },
  outdir: 'assets',
  bundle: true,
  // Files that are only imported on demand, such as the words of other languages, are left out below.
  splitting: true,
  format: 'esm',
  platform: 'browser',
  target: 'es2022',
  jsx: 'automatic',
  minify: true,
  entryNames: '[name]-[hash]',
  chunkNames: '[name]-[hash]',
  assetNames: '[name]-[hash]',
  define: { 'process.env.NODE_ENV': '"production"' },
  loader: { '.svg': 'dataurl' },
  legalComments: 'none',
  logLevel: 'silent',
  write: false,
} as const satisfies BuildOptions;

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
};
const [BROTLI, GZIP] = ['.br', '.gz'];

/**
 * The files of the page. They are built once for each content of the code, and kept compressed below `.hookgate/`: a start waits for
 * nothing, and the first look at the page for a second.
 */
export function consoleAssets(directory = BUILDS): () => Promise<Assets> {
  let assets: Promise<Assets> | undefined;
  return () => {
    assets ??= builtAssets(directory).catch((error: unknown) => {
      assets = undefined;
      throw error;
    });
    return assets;
  };
}

async function builtAssets(directory: string): Promise<Assets> {
  const isBuilt = existsSync(PREBUILT);
  const place = isBuilt ? PREBUILT : join(directory, await keyOf());
  if (!existsSync(place)) await buildPage(directory, place);
  const names = (await readdir(place)).filter((name) => extname(name) in TYPES);
  const read = async (name: string): Promise<readonly [string, Asset]> => {
    const [identity, br, gz] = await Promise.all(['', BROTLI, GZIP].map((end) => readFile(join(place, name + end))));
    if (!identity || !br || !gz) throw new Error(`${name} is not whole`);
    const asset = { type: TYPES[extname(name)] ?? '', identity, br, gzip: gz };
    return [name === 'index.html' ? '/' : `/assets/${name}`, asset];
  };
  return new Map(await Promise.all(names.map(read)));
}

async function keyOf(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const path of [...SOURCES.map((name) => join(PACKAGE, name)), INSTALLED_PACKAGES]) {
    for (const file of await filesBelow(path)) hash.update(`\n${file}\n`).update(await readFile(file));
  }
  return hash.digest('hex').slice(0, 16);
}

async function filesBelow(path: string): Promise<string[]> {
  if (extname(path) !== '') return [path];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

/** Builds the page into a directory, in one step: another process may be about to do the same. */
export async function buildPage(directory: string, place: string): Promise<void> {
  // esbuild is loaded here only, because a start with a built page does not need it.
  const esbuild = await import('esbuild');
  const { outputFiles, metafile } = await esbuild.build({ ...OPTIONS, metafile: true });
  // Else its own process would wait for more work.
  await esbuild.stop();
  const [entry = ''] =
    Object.entries(metafile.outputs).find(([, { entryPoint }]) => entryPoint === OPTIONS.entryPoints.console) ?? [];
  const style = metafile.outputs[entry]?.cssBundle ?? '';
  const page = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <meta name="color-scheme" content="light dark" />
    <title>Hookgate</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="/assets/${basename(style)}" />
    <script type="module" src="/assets/${basename(entry)}"></script>
  </head>
  <body>
    <div id="console"></div>
    <noscript>The console needs JavaScript.</noscript>
  </body>
</html>
`;
  await mkdir(directory, { recursive: true });
  const temporary = await mkdtemp(join(directory, 'new-'));
  const needed = new Set([style, ...staticallyImported(entry, metafile.outputs)].map((path) => basename(path)));
  const files = outputFiles
    .filter(({ path }) => needed.has(basename(path)))
    .map(({ path, contents }) => [basename(path), Buffer.from(contents)] as const);
  await Promise.all([...files, ['index.html', Buffer.from(page)] as const].map((file) => write(temporary, ...file)));
  try {
    await rename(temporary, place);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    if (!existsSync(place)) throw error;
  }
}

/** The files that an entry loads at once, itself among them. */
function staticallyImported(
  entry: string,
  outputs: Metafile['outputs'],
  seen = new Set<string>(),
): ReadonlySet<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const { path, kind } of outputs[entry]?.imports ?? [])
    if (kind === 'import-statement') staticallyImported(path, outputs, seen);
  return seen;
}

const [brotli, deflate] = [promisify(brotliCompress), promisify(gzip)];
/** The quality of Brotli: the best takes seconds, this one some tenths, for a twentieth more bytes. */
const QUALITY = { params: { [constants.BROTLI_PARAM_QUALITY]: 9, [constants.BROTLI_PARAM_LGWIN]: 22 } };

async function write(directory: string, name: string, content: Buffer): Promise<void> {
  await Promise.all([
    writeFile(join(directory, name), content),
    writeFile(join(directory, name + BROTLI), await brotli(content, QUALITY)),
    writeFile(join(directory, name + GZIP), await deflate(content)),
  ]);
}
