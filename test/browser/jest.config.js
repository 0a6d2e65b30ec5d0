import config from '../../jest.config.js';

/** The console in a browser: `npm run test:browser`, and no part of `npm test`. @type {import('jest').Config} */
export default {
  ...config,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/browser/**/*.browser.ts'],
  // A browser and a gateway share two cores.
  testTimeout: 120_000,
  maxWorkers: 1,
};
