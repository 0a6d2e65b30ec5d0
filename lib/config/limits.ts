/** Bytes of the largest request that Lambda takes in a synchronous invocation: the "6 MB" of its quotas. */
export const LAMBDA_REQUEST_BYTES = 6 * 1024 * 1024;

/**
 * Bytes of a proxy event beside its body. API Gateway lets in 10,240 bytes of request line and headers. Each stands in the
 * event twice, and JSON at most doubles it: some 40 KB, and some 3 KB of the request's own facts.
 */
export const PROXY_EVENT_BYTES = 64 * 1024;

/** The largest body, in bytes: it comes in base64, four characters for three bytes, beside the rest of the event. */
export const MAX_BODY_BYTES = Math.floor((LAMBDA_REQUEST_BYTES - PROXY_EVENT_BYTES) / 4) * 3;
