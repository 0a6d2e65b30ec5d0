import { provider } from '#provider';
import type { Options } from '../core/envelope.ts';
import type { Source } from '../core/source.ts';
import { numberSetting, setting } from './environment.ts';

/** The source that this function serves, as the stack configured it. */
export const sourceFromEnvironment = (): Source => ({
  name: setting('source'),
  provider,
  options: JSON.parse(setting('options')) as Options,
  windowSeconds: numberSetting('windowSeconds'),
  maxBodyBytes: numberSetting('maxBodyBytes'),
});
