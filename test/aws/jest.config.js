import config from '../../jest.config.js';

/** The tests that take moto and the CDK CLI: `npm run test:aws`, and no part of `npm test`. @type {import('jest').Config} */
export default {
  ...config,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/aws/**/*.aws.ts'],
};
