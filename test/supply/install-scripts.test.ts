import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { lockedPackages } from './packages.ts';
import { REVIEWED } from './reviewed.ts';

const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  allowScripts: Readonly<Record<string, boolean>>;
};
const scripted = lockedPackages().filter(({ hasInstallScript }) => hasInstallScript);

describe('allowScripts in package.json', () => {
  it('allows the scripts of the locked packages that have one, each in its version, and no other', () => {
    const pinned = Object.fromEntries(scripted.map(({ name, version }) => [`${name}@${version}`, true]));
    expect(allowScripts).toStrictEqual(pinned);
  });

  it('allows what has been reviewed', () => {
    expect([...new Set(scripted.map(({ name }) => name))].sort()).toEqual([...REVIEWED.keys()].sort());
  });

  it('is in force: npm trusts the version of a package only if the lock file says where it comes from', () => {
    const unknown = scripted.filter(({ name, version, resolved }) => !resolved?.endsWith(`/${name}-${version}.tgz`));
    if (unknown.length > 0) throw new Error('package-lock.json has lost sources: node test/supply/name-sources.ts');
  });
});
