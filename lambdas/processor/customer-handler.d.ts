/** A customer's own handler file: named in hookgate.config.ts, put in this place when the function is bundled. */
declare module '#customer-handler' {
  export const handler: import('../core/event.ts').EventHandler;
}
