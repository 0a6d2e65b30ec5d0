import {
  GetSecretValueCommand,
  paginateListSecretVersionIds,
  ResourceNotFoundException,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { STAGE } from '../../../lambdas/adapters/secret-versions.ts';
import type { Options } from '../../../lambdas/core/envelope.ts';
import type { Provider } from '../../../lambdas/core/provider.ts';
import type { SecretLabel } from '../../../lambdas/core/verdict.ts';
import { rotationDays } from '../../../lib/config/provider-api.ts';
import { providers } from '../../../lambdas/providers/index.ts';
import { sourceOf } from '../../../lambdas/core/target.ts';
import type { SourceConfig } from '../../../lib/config/config.ts';
import { targetNamed } from '../../../lib/config/lanes.ts';
import { OperatorError } from '../../operator-error.ts';
import { laneNamed, sourceNamed } from '../../sources.ts';
import type { Ops } from '../ops.ts';

/** The IAM actions that changing a secret takes on AWS. */
export const WRITES = [
  ...['secretsmanager:GetSecretValue', 'secretsmanager:PutSecretValue', 'secretsmanager:UpdateSecretVersionStage'],
  ...['secretsmanager:ListSecretVersionIds', 'kms:GenerateDataKey', 'kms:Decrypt'],
] as const;

/** The signing secret of a source, as Secrets Manager stores it. */
export interface StoredSecret {
  readonly source: string;
  readonly provider: Provider;
  readonly options: Options;
  /** The secret's name in Secrets Manager. */
  readonly id: string;
  /** Hours for which the previous version is accepted. */
  readonly previousGraceHours: number;
  /** Days between two rotations; undefined if a person makes them. */
  readonly rotationDays: number | undefined;
  readonly client: SecretsManagerClient;
}

/** A version that a label is on, without its value. */
export interface LabelledVersion {
  readonly label: SecretLabel;
  readonly versionId: string;
  readonly createdAt: Date;
}

/** The secret of a source. Throws an OperatorError if the configuration or the gateway has no such source. */
export async function secretOf(name: string, { config, gateway }: Ops): Promise<StoredSecret> {
  const { provider, options, previousGraceHours } = signerOf(name, config.sources);
  return {
    source: name,
    ...{ provider, options },
    previousGraceHours,
    rotationDays: rotationDays({ provider, options }),
    id: await gateway.outputOf(name, 'SecretName'),
    client: gateway.client(SecretsManagerClient),
  };
}

/** Who signs: the provider of a source, or the gateway as by Standard Webhooks if it is an HTTP target. */
function signerOf(
  name: string,
  sources: readonly SourceConfig[],
): Pick<SourceConfig, 'provider' | 'options' | 'previousGraceHours'> {
  const target = targetNamed(name, sources);
  if (!target) return laneNamed(name, sources);
  const provider = providers.get('standard-webhooks');
  if (target.kind !== 'http' || !provider)
    throw new OperatorError(`${name} has no secret: only what goes to a URL is signed.`);
  const { previousGraceHours } = sourceNamed(sourceOf(name), sources);
  return { provider: { ...provider, title: name }, options: {}, previousGraceHours };
}

/** The value of a version, to compare it; undefined if no version has the label. */
export async function readValue(
  { client, id }: StoredSecret,
  label: SecretLabel,
): Promise<{ readonly value: string; readonly versionId: string } | undefined> {
  try {
    const answer = await client.send(new GetSecretValueCommand({ SecretId: id, VersionStage: STAGE[label] }));
    return { value: answer.SecretString ?? '', versionId: answer.VersionId ?? '' };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    throw error;
  }
}

/** The versions that have a label: current, pending, previous. */
export async function listVersions({ client, id }: StoredSecret): Promise<LabelledVersion[]> {
  const found: LabelledVersion[] = [];
  for await (const { Versions = [] } of paginateListSecretVersionIds({ client }, { SecretId: id })) {
    for (const { VersionId: versionId = '', VersionStages: stages = [], CreatedDate: createdAt } of Versions) {
      for (const label of LABELS)
        if (createdAt && stages.includes(STAGE[label])) found.push({ label, versionId, createdAt });
    }
  }
  const current = found.find(({ label }) => label === 'current');
  // A rotation can leave AWSPENDING on the version that it made current: nothing is pending then.
  return found
    .filter(({ label, versionId }) => label !== 'pending' || versionId !== current?.versionId)
    .sort((a, b) => LABELS.indexOf(a.label) - LABELS.indexOf(b.label));
}

const LABELS: readonly SecretLabel[] = ['current', 'pending', 'previous'];

/** Takes a label off the version that has it. */
export async function removeLabel({ client, id }: StoredSecret, label: SecretLabel, versionId: string): Promise<void> {
  await client.send(
    new UpdateSecretVersionStageCommand({ SecretId: id, VersionStage: STAGE[label], RemoveFromVersionId: versionId }),
  );
}
