/**
 * `npm run licenses`: the licences of everything that a customer installs or deploys, and the packages that run a script when
 * they are installed. Ends with 1 if one of either is not on its list.
 */
import { lockedPackages } from './packages.ts';
import { REVIEWED } from './reviewed.ts';

/** Licences that ask for no more than their own text and the names of the authors. */
const ALLOWED: ReadonlySet<string> = new Set([
  ...['0BSD', 'Apache-2.0', 'BlueOak-1.0.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0', 'Python-2.0'],
  // Ours to choose: MIT.
  '(MIT OR GPL-3.0-or-later)',
]);

const packages = lockedPackages();
const deployed = packages.filter(({ dev }) => !dev);
const byLicence = Object.groupBy(deployed, ({ license }) => license);
console.log(`${deployed.length} packages beside those for development:`);
for (const [licence, of = []] of Object.entries(byLicence).sort(([, a = []], [, b = []]) => b.length - a.length)) {
  console.log(`  ${String(of.length).padStart(4)}  ${licence}`);
}
const scripted = packages.filter(({ hasInstallScript }) => hasInstallScript);
console.log(`${scripted.length} packages with an install script:`);
for (const { name, version, dev } of scripted) {
  console.log(`  ${name}@${version}${dev ? ', for development' : ''}: ${REVIEWED.get(name) ?? 'NOT REVIEWED'}`);
}

const refused = deployed.filter(({ license }) => !ALLOWED.has(license));
for (const { name, license } of refused) console.error(`${name} has the licence ${license}, which is not on the list.`);
const unknown = scripted.filter(({ name, dev }) => !dev || !REVIEWED.has(name));
for (const { name } of unknown) console.error(`${name} runs a script when it is installed, and is not on the list.`);
if (refused.length + unknown.length > 0) process.exitCode = 1;
