import { defineConfig } from './lib/config/settings.ts';

/**
 * The configuration of this gateway: what it receives, and from whom. It is the one file to edit. The editor explains every
 * setting, and `npm run synth` names everything that is wrong.
 */
export default defineConfig({
  // In 'production' (or 'prod') data outlives the stack, and the ledger refuses deletion.
  stage: 'dev',

  // A source's name is part of its URL, /webhooks/<name>. One provider can have several sources.
  sources: {
    optum: { provider: 'optum' },

    // Events of another environment are acknowledged and quarantined. Without a handler, events are published to the gateway's
    // event bus; with one, your own code gets them: handler: './examples/eligibility-handler.ts'
    osigu: { provider: 'osigu', environment: 'production' },

    // Honeybee signs the URL that it was given. If that is not the one that reaches API Gateway: publicUrl: 'https://…'
    // It publishes its addresses; let in no others: allowList: ['203.0.113.0/24']
    honeybee: { provider: 'honeybee' },

    nvsep: { provider: 'nvsep' },

    nabla: { provider: 'nabla' },
  },
});
