import type { Headers } from './delivery.ts';
import type { ReadContext } from './envelope.ts';
import type { JsonObject } from './json.ts';

/** A delivery that has been verified, as its provider's code reads it. */
export interface Received extends ReadContext {
  /** The exact bytes that came. */
  readonly body: Buffer;
  /** The body, parsed. */
  readonly json: JsonObject;
  /** By lower-case name. Only what the scheme signs is proved. */
  readonly headers: Headers;
}
