import process from 'node:process';
import { defineConfig } from '../../package/index.ts';

// The pipeline sets the stage. An editor shows the comment of each key.
const { HOOKGATE_STAGE: stage = 'dev' } = process.env;

export default defineConfig({
  name: 'hookgate',
  stage,
  // Whoever is named here hears of an alarm. A production stage is not synthesized without an address.
  alarms: { critical: [], warning: [] },
  sources: {
    stripe: { provider: 'stripe', handler: './handlers/stripe.ts' },
  },
});
