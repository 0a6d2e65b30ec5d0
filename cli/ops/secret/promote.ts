import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { STAGE } from '../../../lambdas/adapters/secret-versions.ts';
import { OperatorError } from '../../operator-error.ts';
import type { Ops } from '../command.ts';
import type { Report } from '../output.ts';
import { next } from './next.ts';
import { readValue, removeLabel, secretOf } from './stored.ts';

/**
 * Makes the pending secret the current one, and so the current one the previous. It becomes a new version: the previous
 * secret's grace time is counted from the making of the current version, and a pending one can have waited for weeks. Again
 * after a crash between the two steps, only what is missing is done.
 */
export async function promoteSecret(ops: Ops, name: string): Promise<Report> {
  const secret = secretOf(name, ops);
  const [current, pending] = await Promise.all([readValue(secret, 'current'), readValue(secret, 'pending')]);
  if (!pending || pending.versionId === current?.versionId)
    throw new OperatorError(`${name} has no pending secret: stage one with secret stage ${name}.`);

  if (pending.value !== current?.value) {
    const { id: SecretId, client } = secret;
    const version = { SecretString: pending.value, VersionStages: [STAGE.current] };
    await client.send(new PutSecretValueCommand({ SecretId, ...version }));
  }
  await removeLabel(secret, 'pending', pending.versionId);

  const { previousGraceHours: hours } = secret;
  return {
    text: [
      `The pending secret of ${name} is the current one now.`,
      `The one before it is the previous one, accepted for another ${hours} h.`,
      'In 5 minutes every running verifier knows them so; secret status then shows when each last matched.',
      next('if the old secret is compromised, or is not needed any more', `secret revoke-previous ${name}`),
    ].join('\n'),
    data: { source: name, current: (await readValue(secret, 'current'))?.versionId, previousGraceHours: hours },
  };
}
