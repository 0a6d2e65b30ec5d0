/** Bytes of the largest request that Lambda takes in a synchronous invocation: the "6 MB" of its quotas. */
export const LAMBDA_REQUEST_BYTES = 6 * 1024 * 1024;

/**
 * Bytes of a proxy event beside its body. API Gateway lets in 10,240 bytes of request line and headers. Each stands in the
 * event twice, and JSON at most doubles it: some 40 KB, and some 3 KB of the request's own facts.
 */
export const PROXY_EVENT_BYTES = 64 * 1024;

/** The largest body, in bytes: it comes in base64, four characters for three bytes, beside the rest of the event. */
export const MAX_BODY_BYTES = Math.floor((LAMBDA_REQUEST_BYTES - PROXY_EVENT_BYTES) / 4) * 3;

/**
 * The most sources of a gateway, and the most routes and methods that they may have together. Each route and each method is a
 * resource of the stack that all sources share, beside some eighty others; CloudFormation takes 500 in a stack. API Gateway takes 300
 * routes in an API, until AWS is asked for more.
 */
const MOST_SOURCES = 120;
const MOST_ROUTE_PARTS = 3 * MOST_SOURCES;

/** Says if there are more sources than one gateway can hold. */
export function tooManySources(sources: readonly RoutedSource[]): string[] {
  const { length } = sources;
  const parts = sources.reduce((sum, { provider }) => sum + 1 + provider.methods.length, 0);
  if (length <= MOST_SOURCES && parts <= MOST_ROUTE_PARTS) return [];
  const most = length <= MOST_SOURCES ? Math.floor((MOST_ROUTE_PARTS / parts) * length) : MOST_SOURCES;
  return [
    `sources: a gateway can hold ${most} of such sources; given: ${length}; put the others into a second gateway with another \`name\``,
  ];
}

interface RoutedSource {
  readonly provider: { readonly methods: readonly string[] };
}
