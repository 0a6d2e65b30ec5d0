import type { Delivery, Headers } from './delivery.ts';
import type { Options, ReadContext } from './envelope.ts';
import { isObject, parseJson } from './json.ts';
import type { JsonObject } from './json.ts';
import { readText } from './schemes/fields.ts';

const NOTHING: JsonObject = {};

/**
 * A delivery that has been verified, as its provider's code reads it. The body is parsed as far as that code asks, and once.
 * Headers and URL are proved only as far as the scheme signs them.
 */
export class Received implements ReadContext {
  readonly method: string;
  readonly url: string;
  /** By lower-case name. */
  readonly headers: Headers;
  /** The exact bytes that came. */
  readonly body: Buffer;
  readonly now: Date;
  readonly options: Options;
  #value: { readonly json: unknown } | undefined;

  constructor({ method, url, headers, body }: Delivery, { now, options }: ReadContext) {
    this.method = method;
    this.url = url;
    this.headers = headers;
    this.body = body;
    this.now = now;
    this.options = options;
  }

  /** The parsed body, whatever JSON it is; undefined if it is not JSON. */
  get value(): unknown {
    this.#value ??= { json: parseJson(this.body) };
    return this.#value.json;
  }

  /** The parsed body if it is a JSON object, else an object without fields. */
  get json(): JsonObject {
    const { value } = this;
    return isObject(value) ? value : NOTHING;
  }

  /** The one value of a header, whose name may be in any case; undefined if it is not there, says nothing, or came several times. */
  header(name: string): string | undefined {
    const values = this.headers.get(name.toLowerCase());
    return values?.length === 1 ? readText(values[0]) : undefined;
  }

  /** The parameters of the URL. */
  get query(): URLSearchParams {
    return URL.parse(this.url)?.searchParams ?? new URLSearchParams();
  }
}

/** A body alone as something received, for a body that came in another way than by delivery. */
export const receivedBody = (body: Buffer, context: ReadContext): Received =>
  new Received({ method: 'POST', url: '', headers: new Map(), body }, context);
