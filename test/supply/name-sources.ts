/**
 * `node test/supply/name-sources.ts`: writes into the lock file where the packages with an install script come from, and
 * allows their scripts in package.json, each in its version. To be run after `npm install`, if npm is set to leave the
 * sources out (omit-lockfile-registry-resolved): npm trusts no version of a package whose source it does not know.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { REVIEWED } from './reviewed.ts';

type Json = Record<string, unknown>;

const read = (file: string): Json => JSON.parse(readFileSync(file, 'utf8')) as Json;
const write = (file: string, content: Json): void => writeFileSync(file, `${JSON.stringify(content, null, 2)}\n`);

const lock = read('package-lock.json');
const packages = lock.packages as Record<string, Json>;
const allowScripts: Record<string, boolean> = {};
for (const [path, { version, resolved, ...rest }] of Object.entries(packages)) {
  const name = path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
  if (rest.hasInstallScript !== true || !REVIEWED.has(name)) continue;
  const file = `${name}/-/${name.slice(name.indexOf('/') + 1)}-${String(version)}.tgz`;
  packages[path] = { version, resolved: resolved ?? `https://registry.npmjs.org/${file}`, ...rest };
  allowScripts[`${name}@${String(version)}`] = true;
}
write('package-lock.json', lock);
write('package.json', { ...read('package.json'), allowScripts });
