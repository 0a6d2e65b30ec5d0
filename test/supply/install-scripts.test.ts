import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { lockedPackages } from './packages.ts';
import { REVIEWED } from './reviewed.ts';

const { allowScripts } = JSON.parse(readFileSync('package.json', 'utf8')) as {
  allowScripts: Readonly<Record<string, boolean>>;
};
const scripted = lockedPackages().filter(({ hasInstallScript }) => hasInstallScript);

describe('allowScripts in package.json', () => {
  it('allows the scripts of the locked packages that have one, and no other', () => {
    // By name too: npm matches a version only if the lock file says from which host a package comes. This one names no host:
    // it holds each package to its version and its content (`integrity`).
    const allowed = scripted.flatMap(({ name, version }) => [name, `${name}@${version}`]);
    expect(allowScripts).toStrictEqual(Object.fromEntries(allowed.map((each) => [each, true])));
  });

  it('holds each of them to the content that was reviewed', () => {
    for (const { integrity } of scripted) expect(integrity).toMatch(/^sha512-/);
  });

  it('allows what has been reviewed', () => {
    expect([...new Set(scripted.map(({ name }) => name))].sort()).toEqual([...REVIEWED.keys()].sort());
  });
});
