import { describe, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import type { MutantReport } from './mutants.ts';
import { mutate } from './mutants.ts';
import { HARMLESS, MUTATIONS } from './mutations.ts';

/** Milliseconds: the first test waits for all, and on a busy machine for several times as long. */
const BUSY_MS = 400_000;

/** In a process of its own: a mutant is a module graph of its own, which Node loads as it is. */
const reports = promisify(execFile)(process.execPath, ['test/proof/run-mutants.ts'], { maxBuffer: 64 * 2 ** 20 }).then(
  ({ stdout }) => new Map((JSON.parse(stdout) as MutantReport[]).map((report) => [report.mutation, report])),
);

describe('a seeded mistake is caught', () => {
  it.each(MUTATIONS)(
    '$name',
    async ({ name, scenario }) => {
      const report = (await reports).get(name);
      expect(report).toMatchObject({ scenario });
      expect(report?.counterexample?.broken).toBeDefined();
    },
    BUSY_MS,
  );
});

describe('a change that breaks no promise is not', () => {
  it.each(HARMLESS)(
    '$name',
    async ({ name, scenario }) => {
      const report = (await reports).get(name);
      expect(report).toMatchObject({ scenario });
      expect(report?.counterexample).toBeUndefined();
    },
    BUSY_MS,
  );
});

it('refuses a mutation whose text is gone, or stands there twice', () => {
  const mutation = { name: 'm', file: 'f', from: 'a', to: 'b', scenario: 's' };
  expect(mutate('xax', mutation)).toBe('xbx');
  expect(() => mutate('xx', mutation)).toThrow('"m": f holds its text 0 times');
  expect(() => mutate('aa', mutation)).toThrow('holds its text 2 times');
});
