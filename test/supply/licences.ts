/**
 * `npm run licenses`: the licences of everything that is installed, and the packages that run a script when they are installed.
 * Ends with 1 if one of either is not on its list.
 */
import { lockedPackages } from './packages.ts';
import { REVIEWED } from './reviewed.ts';

/** Licences that ask for no more than their own text and the names of the authors. */
const ALLOWED: ReadonlySet<string> = new Set([
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0', 'Python-2.0'],
  // Ours to choose: MIT.
  '(MIT OR GPL-3.0-or-later)',
]);

/** Licences that packages for development may have too: nothing of them is deployed. */
const ALLOWED_FOR_DEVELOPMENT: ReadonlySet<string> = new Set([
  ...ALLOWED,
  // Public domain, as far as the law lets it.
  ...['(MIT OR CC0-1.0)', 'Unlicense'],
  // A table of browsers' versions, which Jest's transformer reads: it asks for the author's name.
  'CC-BY-4.0',
  // axe-core, which the browser tests load: it asks that changes to its own files be published, and there are none.
  'MPL-2.0',
]);

/** Packages whose package.json states no licence, and the one that they come with. */
const STATED_ELSEWHERE: ReadonlyMap<string, string> = new Map([['exit', 'MIT']]);

const packages = lockedPackages().map((one) => ({ ...one, license: STATED_ELSEWHERE.get(one.name) ?? one.license }));
const deployed = packages.filter(({ dev }) => !dev);
const forDevelopment = packages.filter(({ dev }) => dev);
for (const [kind, of] of [
  ['beside those for development', deployed],
  ['for development', forDevelopment],
] as const) {
  console.log(`${of.length} packages ${kind}:`);
  const byLicence = Object.entries(Object.groupBy(of, ({ license }) => license));
  for (const [licence, having = []] of byLicence.sort(([, a = []], [, b = []]) => b.length - a.length)) {
    console.log(`  ${String(having.length).padStart(4)}  ${licence}`);
  }
}
const scripted = packages.filter(({ hasInstallScript }) => hasInstallScript);
console.log(`${scripted.length} packages with an install script:`);
for (const { name, version, dev } of scripted) {
  console.log(`  ${name}@${version}${dev ? ', for development' : ''}: ${REVIEWED.get(name) ?? 'NOT REVIEWED'}`);
}

const refused = packages.filter(({ license, dev }) => !(dev ? ALLOWED_FOR_DEVELOPMENT : ALLOWED).has(license));
for (const { name, license } of refused) console.error(`${name} has the licence ${license}, which is not on the list.`);
const unknown = scripted.filter(({ name, dev }) => !dev || !REVIEWED.has(name));
for (const { name } of unknown) console.error(`${name} runs a script when it is installed, and is not on the list.`);
if (refused.length + unknown.length > 0) process.exitCode = 1;
