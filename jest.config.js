import { join } from 'node:path';
import process from 'node:process';

// Every command that a test starts reads the tests' configuration, not the customer's (test/settings.ts).
process.env.HOOKGATE_CONFIG = join(import.meta.dirname, 'test/settings.ts');
// Tests start hundreds of processes; most of what these do is to compile the same modules.
process.env.NODE_COMPILE_CACHE ??= join(import.meta.dirname, '.hookgate/compile-cache');

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  // A package that was made here has a copy of the code.
  modulePathIgnorePatterns: ['<rootDir>/dist/'],
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  // The suites that take longest are a job of their own: test/thorough.
  testPathIgnorePatterns: [
    '/node_modules/',
    ...(process.env.HOOKGATE_EVERY_SUITE === '1' ? [] : ['\\.thorough\\.test\\.ts$']),
  ],
  extensionsToTreatAsEsm: ['.ts'],
  // Suites that start a gateway wait for processes of their own: a bound for a hang, not a measure of speed.
  testTimeout: 120_000,
  // Suites that start a gateway wait more than they compute: four of them fill two cores.
  maxWorkers: 4,
  runtime: '<rootDir>/test/host-packages.js',
  testSequencer: '<rootDir>/test/longest-first.js',
  // Modules of a finished suite stay in its process's memory: a worker that has grown is replaced by a new one.
  workerIdleMemoryLimit: '1GB',
  transform: { '\\.ts$': '<rootDir>/test/strip-types.js' },
};
