import { describe, expect, it } from '@jest/globals';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REPOSITORY } from '../../lib/config/config.ts';
import { lockedPackages, packagesInBundle } from './packages.ts';

const REVIEWED = JSON.parse(readFileSync(join(REPOSITORY, 'lambdas/packages.json'), 'utf8')) as Record<
  string,
  string[]
>;
const handlers = globSync('lambdas/*/handler.ts', { cwd: REPOSITORY }).sort();

describe('what runs in Lambda', () => {
  it('is reviewed for every function', () => {
    expect(Object.keys(REVIEWED)).toEqual(handlers);
  });

  it.each(handlers)('%s is made of the reviewed packages, in the reviewed versions', (handler) => {
    const packages = packagesInBundle(handler);
    expect(packages.length).toBeGreaterThan(0);
    expect(packages).toEqual(REVIEWED[handler]);
  });

  it('is nothing that is for development alone, and nothing that runs a script when it is installed', () => {
    const bundled = new Set(Object.values(REVIEWED).flat());
    const found = lockedPackages().filter(({ name, version }) => bundled.has(`${name}@${version}`));
    expect(new Set(found.map(({ name, version }) => `${name}@${version}`))).toEqual(bundled);
    expect(found.filter(({ hasInstallScript }) => hasInstallScript)).toEqual([]);
    for (const { name, version } of found) {
      expect(found.some((same) => same.name === name && same.version === version && !same.dev)).toBe(true);
    }
  });
});
