import { PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { z } from 'zod';
import { STAGE } from '../../../lambdas/adapters/secret-versions.ts';
import { isTarget } from '../../../lambdas/core/target.ts';
import { OperatorError } from '../../operator-error.ts';
import { signedLane } from '../inputs.ts';
import { next } from '../next.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { readNewSecret, storedFlaw } from './new-secret.ts';
import { readValue, removeLabel, secretOf, WRITES } from './stored.ts';

const output = z.object({ source: z.string(), set: z.string().optional().describe('id of the version') });

/** `ops secret set <source>`. */
export const secretSet = operation({
  name: 'secret set',
  summary: 'Stores the first secret of a source or of an HTTP target, from standard input.',
  ...{ input: z.object({ source: signedLane }), output, positional: ['source'], takesSecret: true },
  effect: 'changes',
  permissions: WRITES,
  run: (ops, input) => setSecret(ops, input.source),
});

/** Stores the first secret of a source. If there is one already, it would be a change without an overlap: refused. */
async function setSecret(ops: Ops, name: string): Promise<Report<z.infer<typeof output>>> {
  const secret = await secretOf(name, ops);
  const current = await readValue(secret, 'current');
  if (current && storedFlaw(current.value, secret, ops) === undefined)
    throw new OperatorError(
      isTarget(name)
        ? `${name} has a secret already: to replace it without a request that its receiver refuses, stage a new one.`
        : `${name} has a secret already: to replace it without refusing a delivery, stage a new one.`,
    );
  const value = await readNewSecret(ops, secret);
  const command = new PutSecretValueCommand({
    SecretId: secret.id,
    SecretString: value,
    VersionStages: [STAGE.current],
  });
  const { VersionId: versionId } = await secret.client.send(command);
  // The placeholder that was there would go on being complained of as the previous secret.
  if (current) await removeLabel(secret, 'previous', current.versionId);
  return {
    text: isTarget(name)
      ? [
          `The secret of ${name} is set: requests are signed with it from now on. Give its receiver the same value.`,
          next('to see what signs', `secret status ${name}`),
        ]
      : [
          `The secret of ${name} is set: deliveries signed with it are accepted from now on.`,
          next(`have ${secret.provider.title} send a delivery, and look at`, `secret status ${name}`),
        ],
    data: { source: name, set: versionId },
  };
}
