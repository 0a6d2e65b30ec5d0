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

/** The variables of a handler: its own, and the names or ARNs of secrets. */
interface Variables {
  readonly environment: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
}

/** Bytes of the URL of a target's queue, in the longest region, and of what JSON writes around it. */
const QUEUE_URL_BYTES = 150;

/**
 * Says if a source's targets, with the types of each, do not fit into the environment of its processor beside what its handler has
 * there; or if the URL of one does not fit into that of the target's own.
 */
export function tooLongTargets(
  name: string,
  targets: readonly { readonly name: string; readonly to: string; readonly types?: readonly string[] }[],
  means: Variables = { environment: {}, secrets: {} },
): string[] {
  const most = VARIABLES_BYTES - OWN_VARIABLES_BYTES;
  const beside = variableBytes(means.environment, means.secrets);
  const size = ({ name: own, types }: (typeof targets)[number]): number =>
    QUEUE_URL_BYTES + Buffer.byteLength(JSON.stringify({ name: own, types }));
  const bytes = targets.reduce((sum, target) => sum + size(target), beside);
  return [
    ...(targets.length > 0 && bytes > most
      ? [
          `sources.${name}.targets: must take ${most} bytes at most, with the names and types of each and the variables of the ` +
            `handler, to fit into a function's environment; these take ${bytes}: name fewer types with *, or fewer targets`,
        ]
      : []),
    ...targets
      .filter(({ to }) => Buffer.byteLength(to) > most)
      .map(({ name: own }) => `sources.${name}.targets: the URL of ${own} must have ${most} bytes at most`),
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

/** Bytes of a handler's variables, with the ARNs of its secrets. */
function variableBytes(
  environment: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): number {
  const sizes = [
    ...Object.entries(environment).map(([name, value]) => Buffer.byteLength(name + value)),
    ...Object.entries(secrets).map(
      ([name, id]) => Buffer.byteLength(name + id) + (id.startsWith('arn:') ? 0 : ARN_BYTES),
    ),
  ];
  return sizes.reduce((sum, size) => sum + size, 0);
}

/** Says if a handler's variables do not fit beside the gateway's own; undefined if they do. */
export function tooLongVariables(
  environment: Readonly<Record<string, string>>,
  secrets: Readonly<Record<string, string>>,
): string | undefined {
  const bytes = variableBytes(environment, secrets);
  const most = VARIABLES_BYTES - OWN_VARIABLES_BYTES;
  return bytes <= most
    ? undefined
    : `must take ${most} bytes at most, names and the ARNs of secrets included, because Lambda takes ${VARIABLES_BYTES} with the gateway's own; these take ${bytes}`;
}
