import type { Options } from '../../lambdas/core/envelope.ts';
import { text } from './checks.ts';

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

/** Names that Lambda sets, or that would change the gateway's own code in the same function. */
const RESERVED = /^(AWS_|HOOKGATE_|LAMBDA_|POWERTOOLS_|LD_)|^(HOME|LANG|NODE_OPTIONS|NODE_PATH|PATH|TZ)$/;

/** The name of an environment variable of the customer's. */
export const variableName = text(
  /^[A-Za-z]\w+$/,
  'must be two letters, digits or underscores at least, a letter first',
).refine((name) => !RESERVED.test(name), {
  error: ({ input }) =>
    `${JSON.stringify(input)} is reserved: Lambda or the gateway itself reads it; choose another one`,
});

/** Bytes that the ARN of a secret takes beside its name, in the longest region and partition. */
const ARN_BYTES = 80;

/** Says if a handler's variables do not fit beside the gateway's own; undefined if they do. */
export function tooLongVariables(
  environment: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): string | undefined {
  const sizes = [
    ...Object.entries(environment).map(([name, value]) => Buffer.byteLength(name + value)),
    ...Object.entries(secrets).map(
      ([name, id]) => Buffer.byteLength(name + id) + (id.startsWith('arn:') ? 0 : ARN_BYTES),
    ),
  ];
  const bytes = sizes.reduce((sum, size) => sum + size, 0);
  const most = VARIABLES_BYTES - OWN_VARIABLES_BYTES;
  return bytes <= most
    ? undefined
    : `must take ${most} bytes at most, names and the ARNs of secrets included, because Lambda takes ${VARIABLES_BYTES} with the gateway's own; these take ${bytes}`;
}
