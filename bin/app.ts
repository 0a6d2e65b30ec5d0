import { makeApp } from '../lib/app.ts';
import { ConfigError } from '../lib/config/config.ts';
import { loadConfig } from '../lib/load-config.ts';

try {
  makeApp(loadConfig()).synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
