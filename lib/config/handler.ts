import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import { section, text, wholeNumber } from './checks.ts';
import { distinct } from './names.ts';
import { reachedBy } from './own-resources.ts';
import type { GatewayNames } from './own-resources.ts';
import { networkSchema } from './network.ts';
import type { NetworkConfig } from './network.ts';
import { permissionSchema } from './permissions.ts';
import type { PermissionConfig } from './permissions.ts';
import { tooLongVariables, variableName } from './variables.ts';

/** The means that a source's handler has beside its code; what is absent is as for every processor. */
export interface HandlerMeans {
  readonly environment: Readonly<Record<string, string>>;
  /** Names or ARNs of secrets that it may read, by the environment variable that gets the ARN. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly permissions: readonly PermissionConfig[];
  /** Called with the function, after everything else. */
  readonly grant?: ((fn: LambdaFunction) => void) | undefined;
  readonly vpc?: NetworkConfig | undefined;
  readonly memoryMb?: number | undefined;
  readonly timeoutSeconds?: number | undefined;
  /** ARNs of versions. */
  readonly layers: readonly string[];
}

/** A handler file by its absolute path, and its means; a path alone has none. */
export interface HandlerConfig {
  readonly file: string;
  readonly means?: HandlerMeans;
}

/** A batch of the largest bodies takes some 410 MB. */
const LEAST_MEMORY_MB = 512;
const MOST_LAYERS = 5;
/** Ten managed policies of 6,144 characters, and the role's own: most accounts have no more for a role. */
const MOST_PERMISSION_CHARACTERS = 50_000;

const secretId = text(
  /^(arn:aws[\w-]*:secretsmanager:[a-z0-9-]+:\d{12}:secret:)?[\w/+=.@-]{1,512}$/,
  'must be the name or the ARN of a secret in Secrets Manager',
);
const layerArn = text(
  /^arn:aws[\w-]*:lambda:[a-z0-9-]+:\d{12}:layer:[\w-]+:\d+$/,
  'must be the ARN of a version of a layer',
);

/** The handler's absolute path. */
const handlerFile = (root: string) =>
  text(/\.[cm]?[jt]s$/, 'must be the path of a module, .ts or .js (.cts or .cjs if it is CommonJS)')
    .transform((path) => resolve(root, path))
    .refine((path) => statSync(path, { throwIfNoEntry: false })?.isFile() ?? false, {
      error: 'must be a file that exists',
    });

const withMeans = (root: string) =>
  section({
    file: handlerFile(root),
    environment: z
      .record(variableName, z.string({ error: 'must be a text' }), { error: 'must be an object of texts by name' })
      .default({}),
    secrets: z.record(variableName, secretId, { error: 'must be an object of secrets by variable' }).default({}),
    permissions: z
      .array(permissionSchema, { error: 'must be a list of permissions' })
      .refine((given) => JSON.stringify(given).length <= MOST_PERMISSION_CHARACTERS, {
        error: `must have ${MOST_PERMISSION_CHARACTERS} characters at most: a role takes no more policies`,
      })
      .default([]),
    grant: z
      .custom<(fn: LambdaFunction) => void>((value) => typeof value === 'function', {
        error: 'must be a function that gets the construct of the handler: (fn) => table.grantReadData(fn)',
      })
      .optional(),
    vpc: networkSchema.optional(),
    memoryMb: wholeNumber(LEAST_MEMORY_MB, 10_240).optional(),
    timeoutSeconds: wholeNumber(5, 900).optional(),
    layers: distinct(layerArn)
      .max(MOST_LAYERS, { error: `must name ${MOST_LAYERS} layers at most` })
      .default([]),
  })
    .superRefine(({ environment, secrets }, context) => {
      for (const name of Object.keys(secrets).filter((each) => Object.hasOwn(environment, each)))
        context.addIssue({ code: 'custom', path: ['secrets', name], message: 'is in environment too' });
      const tooLong = tooLongVariables(environment, secrets);
      if (tooLong !== undefined) context.addIssue({ code: 'custom', path: ['environment'], message: tooLong });
    })
    .transform(({ file, ...means }): HandlerConfig => ({ file, means }));

/** A handler: the path of its file, or the file with the means that the handler has. */
export function handlerSchema(root: string) {
  const [alone, whole] = [handlerFile(root).transform((file): HandlerConfig => ({ file })), withMeans(root)];
  return z.unknown().transform((value, context): HandlerConfig => {
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const { data, error } = (isObject ? whole : alone).safeParse(value);
    for (const issue of error?.issues ?? []) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
    return data ?? z.NEVER;
  });
}

/** Says what handlers have been given of the gateway's own: secrets, and permissions. */
export function ownProblems(gateway: GatewayNames & { readonly sources: Parameters<typeof ownSecrets>[1] }): string[] {
  const means = Object.entries(gateway.sources).map(([name, { handler }]) => [name, handler?.means] as const);
  return [...ownSecrets(gateway, gateway.sources), ...ownReached(gateway, means)];
}

/** Says which secrets of handlers are the gateway's own: a handler that could read these could sign what the gateway proves. */
function ownSecrets(
  gateway: { readonly name: string; readonly stage: string },
  sources: Readonly<Record<string, { readonly handler?: HandlerConfig | undefined }>>,
): string[] {
  const prefix = `${gateway.name}/${gateway.stage}/`;
  return Object.entries(sources).flatMap(([source, { handler }]) =>
    Object.entries(handler?.means?.secrets ?? {})
      .filter(([, id]) => id.replace(/^arn:.*:secret:/, '').startsWith(prefix))
      .map(
        ([name]) =>
          `sources.${source}.handler.secrets.${name}: must not be a secret of the gateway itself; those begin with ${prefix}`,
      ),
  );
}

/** Says which permissions of handlers reach the gateway's own resources, or could: with these a handler could open other sources. */
export const ownReached = (
  gateway: GatewayNames,
  means: Iterable<readonly [source: string, means: Pick<HandlerMeans, 'permissions'> | undefined]>,
): string[] =>
  [...means].flatMap(([source, { permissions = [] } = {}]) =>
    permissions.flatMap((permission, index) =>
      [...reachedBy(gateway, permission)].map(
        ([at, problem]) =>
          `sources.${source}.handler.permissions.${index}.resources.${at}: ${problem}; given: ${JSON.stringify(permission.resources[at])}`,
      ),
    ),
  );
