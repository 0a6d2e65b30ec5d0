import config from '../../jest.config.js';

/** What takes moto and the CDK CLI: `npm run test:aws`, and no part of `npm test`. @type {import('jest').Config} */
export default {
  ...config,
  rootDir: '../..',
  testMatch: ['<rootDir>/test/aws/**/*.aws.ts'],
};
