import config from '../../jest.config.js';

/** The providers against the vendors' own SDKs: `npm run test:vendors`, and no part of `npm test`. @type {import('jest').Config} */
export default {
  ...config,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/vendors/**/*.vendor.ts'],
  // install.ts puts them there.
  modulePaths: ['<rootDir>/.hookgate/vendors/node_modules'],
};
