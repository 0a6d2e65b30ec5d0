import { z } from 'zod';
import { CURRENT, SecretStore, versionAt } from './secret-store.ts';
import type { SecretScope } from './secret-store.ts';
import { AwsError, jsonService } from './stand-in.ts';
import type { StandIn } from './stand-in.ts';
import type { SecretVersion, StoredSecret } from './stored-secret.ts';

export interface SecretsManager {
  readonly handle: StandIn;
  readonly store: SecretStore;
}

const SecretId = z.string().min(1).max(2048);
const Value = z.string().min(1).max(65_536);
const Token = z.string().min(32).max(64);
const Stage = z.string().min(1).max(256);

const INPUT = {
  create: z.object({ Name: SecretId, SecretString: Value.optional(), ClientRequestToken: Token.optional() }),
  get: z.object({ SecretId, VersionId: Token.optional(), VersionStage: Stage.optional() }),
  put: z.object({
    SecretId,
    SecretString: Value,
    ClientRequestToken: Token.optional(),
    VersionStages: z.array(Stage).min(1).max(20).default([CURRENT]),
  }),
  describe: z.object({ SecretId }),
  list: z.object({ SecretId, IncludeDeprecated: z.boolean().default(false) }),
  move: z.object({
    SecretId,
    VersionStage: Stage,
    MoveToVersionId: Token.optional(),
    RemoveFromVersionId: Token.optional(),
  }),
};

/**
 * The part of Secrets Manager that a gateway needs, on its JSON protocol
 * (https://docs.aws.amazon.com/secretsmanager/latest/apireference/Welcome.html). Values are strings; there is no deletion,
 * no policy and no rotation schedule.
 */
export function secretsManager(scope: SecretScope): SecretsManager {
  const store = new SecretStore(scope);
  return {
    store,
    handle: jsonService({
      CreateSecret: (input) => createSecret(store, parse(INPUT.create, input)),
      GetSecretValue: (input) => getSecretValue(store, parse(INPUT.get, input)),
      PutSecretValue: (input) => putSecretValue(store, parse(INPUT.put, input)),
      DescribeSecret: (input) => describeSecret(store, parse(INPUT.describe, input)),
      ListSecretVersionIds: (input) => listSecretVersionIds(store, parse(INPUT.list, input)),
      UpdateSecretVersionStage: (input) => updateSecretVersionStage(store, parse(INPUT.move, input)),
    }),
  };
}

function parse<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const parsed = schema.safeParse(input);
  // The message names the field and what it takes, never the value: it may be a secret's.
  if (!parsed.success) throw new AwsError('ValidationException', z.prettifyError(parsed.error));
  return parsed.data;
}

function createSecret(store: SecretStore, input: z.output<typeof INPUT.create>): object {
  const secret = store.create(input.Name);
  const version =
    input.SecretString === undefined
      ? undefined
      : store.put(secret, input.SecretString, [CURRENT], input.ClientRequestToken);
  return { ARN: secret.arn, Name: secret.name, VersionId: version?.id };
}

function getSecretValue(store: SecretStore, input: z.output<typeof INPUT.get>): object {
  const secret = store.get(input.SecretId);
  const version = findVersion(secret, input.VersionId, input.VersionStage);
  return {
    ARN: secret.arn,
    Name: secret.name,
    VersionId: version.id,
    SecretString: version.value,
    VersionStages: [...version.stages],
    CreatedDate: version.createdAt / 1000,
  };
}

function findVersion(secret: StoredSecret, id: string | undefined, stage: string | undefined): SecretVersion {
  if (id === undefined) {
    const label = stage ?? CURRENT;
    return versionAt(secret, label) ?? notFound(`staging label: ${label}`);
  }
  const version = secret.versions.get(id) ?? notFound(`VersionId: ${id}`);
  if (stage !== undefined && !version.stages.has(stage)) {
    throw new AwsError(
      'InvalidRequestException',
      'You provided a VersionStage that is not associated to the provided VersionId.',
    );
  }
  return version;
}

function notFound(what: string): never {
  throw new AwsError('ResourceNotFoundException', `Secrets Manager can't find the specified secret value for ${what}`);
}

function putSecretValue(store: SecretStore, input: z.output<typeof INPUT.put>): object {
  const secret = store.get(input.SecretId);
  const version = store.put(secret, input.SecretString, input.VersionStages, input.ClientRequestToken);
  return { ARN: secret.arn, Name: secret.name, VersionId: version.id, VersionStages: [...version.stages] };
}

function describeSecret(store: SecretStore, input: z.output<typeof INPUT.describe>): object {
  const secret = store.get(input.SecretId);
  const labelled = [...secret.versions.values()].filter(({ stages }) => stages.size > 0);
  return {
    ARN: secret.arn,
    Name: secret.name,
    CreatedDate: secret.createdAt / 1000,
    LastChangedDate: secret.changedAt / 1000,
    VersionIdsToStages: Object.fromEntries(labelled.map(({ id, stages }) => [id, [...stages]])),
  };
}

function listSecretVersionIds(store: SecretStore, input: z.output<typeof INPUT.list>): object {
  const secret = store.get(input.SecretId);
  const versions = [...secret.versions.values()]
    .filter(({ stages }) => stages.size > 0 || input.IncludeDeprecated)
    .map(({ id, stages, createdAt }) => ({
      VersionId: id,
      ...(stages.size > 0 && { VersionStages: [...stages] }),
      CreatedDate: createdAt / 1000,
    }));
  return { ARN: secret.arn, Name: secret.name, Versions: versions };
}

function updateSecretVersionStage(store: SecretStore, input: z.output<typeof INPUT.move>): object {
  const secret = store.get(input.SecretId);
  const { VersionStage: label, MoveToVersionId: toId, RemoveFromVersionId: fromId } = input;
  const to = toId === undefined ? undefined : (secret.versions.get(toId) ?? notFound(`VersionId: ${toId}`));
  const holder = versionAt(secret, label);
  if (!to && label === CURRENT) {
    throw new AwsError(
      'InvalidParameterException',
      `You can only move staging label ${CURRENT} to a different secret version. It can't be completely removed.`,
    );
  }
  const misplaced = fromId === undefined ? holder !== undefined && holder !== to : holder?.id !== fromId;
  if (misplaced) {
    throw new AwsError(
      'InvalidParameterException',
      holder
        ? `The parameter RemoveFromVersionId must name ${holder.id}, because the staging label ${label} is attached to it.`
        : `The staging label ${label} is not attached to version ${fromId ?? ''}.`,
    );
  }
  store.move(secret, label, to);
  return { ARN: secret.arn, Name: secret.name };
}
