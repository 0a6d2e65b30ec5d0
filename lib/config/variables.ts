import type { Options } from '../../lambdas/core/envelope.ts';

/** Bytes of all environment variables of a function together, names included: Lambda's quota. */
const VARIABLES_BYTES = 4096;

/** Bytes that the gateway's own variables take at most: names, ARNs and URLs of what a function uses. A test measures them. */
export const OWN_VARIABLES_BYTES = 2048;

/** Says if a source's options, its public URL among them, do not fit into a function's environment variables. */
export function tooLongOptions(name: string, options: Options): string[] {
  const bytes = Buffer.byteLength(JSON.stringify(options));
  const most = VARIABLES_BYTES - OWN_VARIABLES_BYTES;
  if (bytes <= most) return [];
  const longest = Object.entries(options).sort(([, a], [, b]) => String(b).length - String(a).length)[0]?.[0];
  return [
    `sources.${name}: options and URLs must take ${most} bytes at most, as JSON, to fit into a function's environment; ` +
      `given: ${bytes} bytes, the longest is "${longest ?? ''}"`,
  ];
}
