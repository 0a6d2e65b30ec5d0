import { makeApp } from '../lib/app.ts';
import { ConfigError } from '../lib/config/config.ts';
import { stackName } from '../lib/config/stack-names.ts';
import { refuseUnheardAlarms } from '../lib/constructs/said-at-synth.ts';
import { loadConfig } from '../lib/load-config.ts';

try {
  const { CDK_DEFAULT_REGION, AWS_REGION, AWS_DEFAULT_REGION } = process.env;
  const config = loadConfig();
  const app = makeApp(config, { region: CDK_DEFAULT_REGION ?? AWS_REGION ?? AWS_DEFAULT_REGION });
  // A deployed alarm has to be heard; `npm start` and `npm run cost` work without an address.
  refuseUnheardAlarms(app.node.findChild(stackName(config)), config);
  app.synth();
} catch (error) {
  if (!(error instanceof ConfigError)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
