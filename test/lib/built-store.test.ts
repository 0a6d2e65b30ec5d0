import { afterAll, beforeEach, expect, it } from '@jest/globals';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBuilt, keepBuilt } from '../../lib/built-store.ts';
import { MADE } from '../../lib/places.ts';

// Below the repository, because only Hookgate's own files are kept.
const directory = join(MADE, 'test-built-store');
const entry = join(directory, 'entry.ts');
const options = { entryPoints: [entry] };
const file = { code: 'made', imports: ['#s3'], used: ['entry.ts'], inputs: [entry] };

beforeEach(() => {
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  writeFileSync(entry, 'export const a = 1;');
  keepBuilt(options, file);
});
afterAll(() => rmSync(directory, { recursive: true, force: true }));

it('gives back what was made with the same options', () => {
  expect(findBuilt(options)).toEqual(file);
  expect(findBuilt({ ...options, minify: true })).toBeUndefined();
});

it.each<[string, () => void]>([
  ['a file that it was made of', () => writeFileSync(entry, 'export const a = 2;')],
  ['what an import may find', () => writeFileSync(join(directory, 'entry.js'), '')],
  ['what a package exports', () => writeFileSync(join(directory, 'package.json'), '{"type":"commonjs"}')],
  ['how TypeScript is meant', () => writeFileSync(join(directory, 'tsconfig.json'), '{}')],
  ['nothing but the presence of the files', () => rmSync(directory, { recursive: true })],
])('has what was made forgotten when there is a change of %s', (_what, change) => {
  change();
  expect(findBuilt(options)).toBeUndefined();
});

it("keeps nothing that is made of a customer's files elsewhere", () => {
  const elsewhere = { entryPoints: [join(tmpdir(), 'provider.ts')] };
  expect(keepBuilt(elsewhere, { ...file, inputs: [entry, join(tmpdir(), 'provider.ts')] }).code).toBe('made');
  expect(findBuilt(elsewhere)).toBeUndefined();
});
