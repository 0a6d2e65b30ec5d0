import type { Verdict } from './verdict.ts';

/** Header values by lower-case name, in the order in which they came. A Map, so that no name can reach a prototype. */
export type Headers = ReadonlyMap<string, readonly string[]>;

/** One HTTP request, its body exactly as it was received. */
export interface Delivery {
  readonly method: string;
  /** The full URL as the caller saw it, query string included. */
  readonly url: string;
  readonly headers: Headers;
  readonly body: Buffer;
}

/** An HTTP answer. A body that is a text is sent as `text/plain`, any other as JSON. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Readonly<Record<string, unknown>>;
}

/** A delivery with what proved it authentic. */
export interface VerifiedDelivery {
  readonly delivery: Delivery;
  readonly verdict: Extract<Verdict, { ok: true }>;
  readonly receivedAt: Date;
}
