/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // Suites that start a gateway wait for processes of their own: a bound for a hang, not a measure of speed.
  testTimeout: 30_000,
  // Modules of a finished suite stay in its process's memory: a worker that has grown is replaced by a new one.
  maxWorkers: 2,
  workerIdleMemoryLimit: '1GB',
  transform: { '\\.ts$': '<rootDir>/test/strip-types.js' },
};
