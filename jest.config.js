/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  extensionsToTreatAsEsm: ['.ts'],
  // Most of a suite's time is waiting for processes of its own, so every core gets one.
  maxWorkers: '100%',
  transform: { '\\.ts$': '<rootDir>/test/strip-types.js' },
};
