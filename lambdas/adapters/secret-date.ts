import { paginateListSecretVersionIds } from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STAGE } from './secret-versions.ts';

/** When the current version of a secret was made; undefined if it has none. Reads no value. */
export async function currentVersionDate(client: SecretsManagerClient, secretArn: string): Promise<Date | undefined> {
  for await (const { Versions: versions = [] } of paginateListSecretVersionIds({ client }, { SecretId: secretArn })) {
    const current = versions.find(({ VersionStages: stages = [] }) => stages.includes(STAGE.current));
    if (current) return current.CreatedDate;
  }
  return undefined;
}
