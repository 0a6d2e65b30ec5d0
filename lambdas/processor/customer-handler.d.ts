/** A customer's own handler file, named in hookgate.config.ts: a file of its own in the bundle. */
declare module '#customer-handler' {
  export const handler: unknown;
  const whole: { readonly handler?: unknown };
  export default whole;
}
