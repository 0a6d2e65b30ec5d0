// The registry: one line per provider. Everything else follows by iteration.
export { discord } from './discord.ts';
export { github } from './github.ts';
export { honeybee } from './honeybee.ts';
export { nabla } from './nabla.ts';
export { nvsep } from './nvsep/index.ts';
export { optum } from './optum/index.ts';
export { osigu } from './osigu.ts';
export { slack } from './slack.ts';
export { standardWebhooks } from './standard-webhooks.ts';
export { stripe } from './stripe.ts';
