import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { STAGE } from '../../../lambdas/adapters/secret-versions.ts';
import { newSecretFlaw, secretFlaw } from '../../../lambdas/core/secret-value.ts';
import { OperatorError } from '../../operator-error.ts';
import type { Ops } from '../command.ts';
import type { Report } from '../output.ts';
import { next } from './next.ts';
import { readValue, removeLabel, secretOf } from './stored.ts';

/** Stores the first secret of a source. Where there is one already it would be a change without an overlap: refused. */
export async function setSecret(ops: Ops, name: string): Promise<Report> {
  const secret = secretOf(name, ops);
  const current = await readValue(secret, 'current');
  if (current && secretFlaw(current.value) === undefined)
    throw new OperatorError(
      `${name} has a secret already: to replace it without refusing a delivery, stage a new one.`,
    );
  const value = await readNewSecret(ops);
  const command = new PutSecretValueCommand({
    SecretId: secret.id,
    SecretString: value,
    VersionStages: [STAGE.current],
  });
  const { VersionId: versionId } = await secret.client.send(command);
  // The placeholder that was there would go on being complained of as the previous secret.
  if (current) await removeLabel(secret, 'previous', current.versionId);
  return {
    text: `The secret of ${name} is set: deliveries signed with it are accepted from now on.\n${next(
      `have ${secret.provider.title} send a delivery, and look at`,
      `secret status ${name}`,
    )}`,
    data: { source: name, set: versionId },
  };
}

/** The new secret from standard input. Throws an OperatorError with what is wrong with it. */
export async function readNewSecret({ readSecret }: Pick<Ops, 'readSecret'>): Promise<string> {
  const value = await readSecret();
  const flaw = newSecretFlaw(value);
  if (flaw !== undefined) throw new OperatorError(`The secret ${flaw}; nothing has changed.`);
  return value;
}
