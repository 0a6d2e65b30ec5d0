import { DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { randomUUID } from 'node:crypto';
import type { UpkeepPorts } from '../core/poll/upkeep/run.ts';
import { CLIENT_BOUNDS } from './clients.ts';
import { secretVault } from './secret-vault.ts';
import { STAGE } from './secret-versions.ts';
import { traced } from './trace.ts';

/**
 * The signing secret of a source whose registrations are made again: it is read to be given to the provider, and one that the
 * provider has made becomes the pending version. Without an ARN there is none to read.
 */
export function registeredSecret(
  arn: string | undefined,
  manager = traced(new SecretsManagerClient(CLIENT_BOUNDS), 'SecretsManager'),
): Pick<UpkeepPorts, 'secret' | 'labels' | 'stage'> {
  const vault = arn === undefined ? undefined : secretVault(manager, arn);
  return {
    secret: async () => (await vault?.read('current'))?.value,
    async labels() {
      if (arn === undefined) return {};
      const { VersionIdsToStages: stages = {} } = await manager.send(new DescribeSecretCommand({ SecretId: arn }));
      const labelled = (stage: string) => Object.keys(stages).find((id) => stages[id]?.includes(stage));
      const current = labelled(STAGE.current);
      const pending = labelled(STAGE.pending);
      // A rotation can leave the pending label on the version that it made current: nothing is pending then.
      return { current, ...(pending !== current && { pending }) };
    },
    async stage(value) {
      if (!vault) throw new Error('this poller may not store a signing secret');
      await vault.putPending({ versionId: randomUUID(), value });
    },
  };
}
