import { defineConfig } from './lib/config/settings.ts';

/**
 * What this gateway receives, and from whom: the one file to edit. It is checked before anything is built, and every
 * setting is explained where the editor shows it (lib/config/settings.ts).
 */
export default defineConfig({
  // Data outlives the stack, and the ledger refuses deletion, where this is 'production' or 'prod'.
  stage: 'dev',

  // A source's name is part of its URL: /webhooks/<name>. One provider can have several sources.
  sources: {
    optum: { provider: 'optum' },
    // Events of the other environment are acknowledged and quarantined.
    osigu: { provider: 'osigu', environment: 'production' },
    // Honeybee signs the URL that it was given. Set publicUrl where that is not the one that API Gateway sees.
    honeybee: { provider: 'honeybee' },
    nvsep: { provider: 'nvsep' },
    // Without a handler each event is published to the gateway's event bus; with one, your own code gets it:
    // nabla: { provider: 'nabla', handler: './examples/<your handler>.ts' },
    nabla: { provider: 'nabla' },
  },
});
