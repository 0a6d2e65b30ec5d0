/** Publishes to a bus that is not the gateway's own, such as that of another account: the setting `busName` is its ARN. */
export { makeHandler } from '../publish-to-bus.ts';
