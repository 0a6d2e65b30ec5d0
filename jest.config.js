/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // Suites that start a gateway wait for processes of their own: a bound for a hang, not a measure of speed.
  testTimeout: 30_000,
  transform: { '\\.ts$': '<rootDir>/test/strip-types.js' },
};
