import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { STAGE } from '../../../lambdas/adapters/secret-versions.ts';
import { OperatorError } from '../../operator-error.ts';
import type { Ops } from '../command.ts';
import type { Report } from '../output.ts';
import { next } from './next.ts';
import { readNewSecret } from './set.ts';
import { readValue, secretOf } from './stored.ts';

export interface StageOptions {
  /** Whether a secret that is pending already is given up for the new one. */
  readonly replace?: boolean;
}

/** Stores a new secret as the pending one: accepted at once, beside the current one. */
export async function stageSecret(ops: Ops, name: string, { replace = false }: StageOptions): Promise<Report> {
  const secret = secretOf(name, ops);
  const [current, pending] = await Promise.all([readValue(secret, 'current'), readValue(secret, 'pending')]);
  if (!current) throw new OperatorError(`${name} has no secret yet: store its first one with secret set ${name}.`);
  const isPending = pending !== undefined && pending.value !== current.value;
  const value = await readNewSecret(ops);
  if (value === current.value) throw new OperatorError('The secret is the current one; nothing has changed.');
  if (isPending && value !== pending.value && !replace)
    throw new OperatorError(
      `${name} has another pending secret: promote that one, or give it up with --replace; nothing has changed.`,
    );

  const done = isPending && value === pending.value;
  const command = new PutSecretValueCommand({
    SecretId: secret.id,
    SecretString: value,
    VersionStages: [STAGE.pending],
  });
  const versionId = done ? pending.versionId : (await secret.client.send(command)).VersionId;
  return {
    text: [
      `The new secret of ${name} is ${done ? 'pending already' : 'pending'}: accepted at once, beside the current one.`,
      `Wait 15 seconds, then have ${secret.provider.title} sign with it (docs/secrets.md has the steps),`,
      'and see that deliveries match it with secret status.',
      next('once it signs with the new secret', `secret promote ${name}`),
    ].join('\n'),
    data: { source: name, pending: versionId },
  };
}
