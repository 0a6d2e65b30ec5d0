import { makeApp } from '../../lib/app.ts';
import { deployedConfig } from './config.ts';

/** The CDK app that the test deploys: the repository's own, with the configuration of the tests. */
// CDK's check of the template is part of `npm run synth`, and takes longer than the deployment.
makeApp(deployedConfig(process.env.HOOKGATE_FAKE_PROVIDERS ?? ''), { validate: false }).synth();
