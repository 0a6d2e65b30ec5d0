import {
  PutSecretValueCommand,
  ResourceNotFoundException,
  GetSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SecretVault } from '../core/rotate/rotate.ts';
import { STAGE } from './secret-versions.ts';

/** One secret in Secrets Manager. Each call names its label: a read without a label may return what was current before. */
export const secretVault = (client: SecretsManagerClient, secretArn: string): SecretVault => ({
  async read(label) {
    try {
      const command = new GetSecretValueCommand({ SecretId: secretArn, VersionStage: STAGE[label] });
      const { VersionId: versionId, SecretString: value } = await client.send(command);
      return versionId === undefined || value === undefined ? undefined : { versionId, value };
    } catch (error) {
      // No version has the label, or the version has no value yet: Secrets Manager makes it so for a rotation.
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    }
  },

  async putPending({ versionId, value }) {
    await client.send(
      new PutSecretValueCommand({
        SecretId: secretArn,
        ClientRequestToken: versionId,
        SecretString: value,
        VersionStages: [STAGE.pending],
      }),
    );
  },

  async makeCurrent(versionId, from) {
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: secretArn,
        VersionStage: STAGE.current,
        MoveToVersionId: versionId,
        ...(from !== undefined && { RemoveFromVersionId: from }),
      }),
    );
  },

  async dropPending(versionId) {
    await client.send(
      new UpdateSecretVersionStageCommand({
        SecretId: secretArn,
        VersionStage: STAGE.pending,
        RemoveFromVersionId: versionId,
      }),
    );
  },
});
