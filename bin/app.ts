import { makeApp } from '../lib/app.ts';
import { ConfigError } from '../lib/config/config.ts';
import { loadConfig } from '../lib/load-config.ts';

try {
  const { CDK_DEFAULT_REGION, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const config = loadConfig();
  makeApp(config, { region: CDK_DEFAULT_REGION ?? AWS_REGION ?? AWS_DEFAULT_REGION, isDeployed: true }).synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
