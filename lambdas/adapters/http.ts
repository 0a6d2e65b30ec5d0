import ky, { isHTTPError, isTimeoutError } from 'ky';
import { HttpFault } from '../core/http/http.ts';
import type { Http, HttpResponse } from '../core/http/http.ts';

export interface HttpBounds {
  /** Milliseconds for each try to get an answer. */
  readonly timeoutMs: number;
  /** Milliseconds for all tries, the pauses between them, and the reading of the answer. */
  readonly totalMs: number;
  /** Tries after the first one. */
  readonly retries: number;
  /** Bytes of the longest answer. */
  readonly maxBytes: number;
  /** True on one machine only: http to a loopback address is then allowed too. */
  readonly allowLoopback: boolean;
}

const RETRIED = [408, 429, 500, 502, 503, 504];

/**
 * Calls over https with bounds: a time-out for each try, retries with full jitter on 429 and 5xx that honour `Retry-After`,
 * and a limit on the answer's size. Every request that goes through here may be repeated: each sets or reads a state.
 */
export function httpClient(bounds: HttpBounds, fetch: typeof globalThis.fetch = globalThis.fetch): Http {
  const client = ky.create({
    fetch,
    // Whatever is thrown is tried again.
    throwHttpErrors: (status) => RETRIED.includes(status),
    timeout: bounds.timeoutMs,
    // A redirect could take a bearer token to another host.
    redirect: 'manual',
    retry: {
      limit: bounds.retries,
      methods: ['get', 'post', 'put'],
      statusCodes: RETRIED,
      afterStatusCodes: [429, 503],
      maxRetryAfter: bounds.timeoutMs,
      backoffLimit: bounds.timeoutMs,
      jitter: true,
    },
  });
  return async ({ method, url, headers, body }) => {
    if (!isAllowed(url, bounds.allowLoopback)) throw new HttpFault('insecure_url');
    // The signal bounds the reading of the answer too, which the client's own time-out does not.
    const signal = AbortSignal.timeout(bounds.totalMs);
    try {
      const response = await client(url, {
        method,
        signal,
        headers: { ...headers },
        ...(body !== undefined && { body }),
      });
      return await readBounded(response, bounds.maxBytes);
    } catch (error) {
      if (error instanceof HttpFault) throw error;
      // The last try's answer. Its body has gone with the error, and would say nothing that the status does not.
      if (isHTTPError(error))
        return { status: error.response.status, headers: new Map(error.response.headers), body: '' };
      throw new HttpFault(signal.aborted || isTimeoutError(error) ? 'timeout' : 'network');
    }
  };
}

/** https to anywhere; http to a loopback address on one machine. */
export function isAllowed(url: string, allowLoopback: boolean): boolean {
  const { protocol, hostname } = URL.parse(url) ?? {};
  if (protocol === 'https:') return true;
  return allowLoopback && protocol === 'http:' && ['127.0.0.1', 'localhost', '[::1]'].includes(hostname ?? '');
}

/** Reads the answer to its end, or gives it up if it is longer than allowed. */
async function readBounded(response: Response, maxBytes: number): Promise<HttpResponse> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const reader = (response.body as ReadableStream<Uint8Array> | null)?.getReader();
  for (let part = await reader?.read(); part?.value; part = await reader?.read()) {
    bytes += part.value.length;
    if (bytes > maxBytes) {
      await reader?.cancel();
      throw new HttpFault('too_large');
    }
    chunks.push(part.value);
  }
  return {
    status: response.status,
    headers: new Map(response.headers),
    body: Buffer.concat(chunks).toString('utf8'),
  };
}
