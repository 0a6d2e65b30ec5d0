import config from '../../jest.config.js';

/** The suites that take longest: `npm run test:thorough`, and no part of `npm test`. @type {import('jest').Config} */
export default {
  ...config,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/**/*.thorough.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
};
