import { expect, it } from '@jest/globals';
import settings from '../hookgate.config.ts';
import { resolveConfig } from '../lib/config/config.ts';

// The one test that reads the customer's file: all others have test/settings.ts.
it('hookgate.config.ts can be used, or it is said what is wrong with it', () => {
  expect(resolveConfig(settings).sources.map(({ name }) => name)).toEqual(Object.keys(settings.sources));
});
