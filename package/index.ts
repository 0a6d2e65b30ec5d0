/**
 * `hookgate`: what a configuration, a provider and a handler are written with. It loads neither the CDK nor a client of AWS, because
 * every command reads the configuration, and a bundle holds what a handler imports.
 */
export { defineConfig } from '../lib/config/settings.ts';
export type * from '../lib/config/settings.ts';
export type * from '../lib/config/source-settings.ts';
export { defineProvider } from '../lambdas/core/provider.ts';
export type * from '../lambdas/core/provider.ts';
export type { Answer, Delivery } from '../lambdas/core/delivery.ts';
export type { Envelope, Options, QuarantineReason, ReadContext } from '../lambdas/core/envelope.ts';
export type { EventHandler, Superseding, Via, WebhookEvent } from '../lambdas/core/event.ts';
export type { EventKey } from '../lambdas/core/event-key.ts';
export type { JsonObject } from '../lambdas/core/json.ts';
export type { Received } from '../lambdas/core/received.ts';
export { PermanentError } from '../lambdas/core/permanent-error.ts';
