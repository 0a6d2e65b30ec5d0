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
import { readNewSecret } from './new-secret.ts';
import { readValue, secretOf, WRITES } from './stored.ts';

const input = z.object({
  source: signedLane,
  replace: z.boolean().default(false).describe('give up a pending secret that is there already'),
});
const output = z.object({ source: z.string(), pending: z.string().optional().describe('id of the version') });

/** `ops secret stage <source>`. */
export const secretStage = operation({
  name: 'secret stage',
  summary: 'Stores a new secret, from standard input, beside the current one: accepted at once.',
  ...{ input, output, positional: ['source'], takesSecret: true },
  effect: 'changes',
  permissions: WRITES,
  run: stageSecret,
});

/** Stores a new secret as the pending one: accepted at once, beside the current one. */
async function stageSecret(
  ops: Ops,
  { source: name, replace }: z.infer<typeof input>,
): Promise<Report<z.infer<typeof output>>> {
  const secret = await secretOf(name, ops);
  const [current, pending] = await Promise.all([readValue(secret, 'current'), readValue(secret, 'pending')]);
  if (!current) throw new OperatorError(`${name} has no secret yet: store its first one with secret set ${name}.`);
  const isPending = pending !== undefined && pending.value !== current.value;
  const value = await readNewSecret(ops, secret);
  if (value === current.value) throw new OperatorError('The secret is the current one; nothing has changed.');
  if (isPending && value !== pending.value && !replace)
    throw new OperatorError(
      `${name} has another pending secret: promote it, or give it up with --replace; nothing has changed.`,
    );

  const done = isPending && value === pending.value;
  const command = new PutSecretValueCommand({
    SecretId: secret.id,
    SecretString: value,
    VersionStages: [STAGE.pending],
  });
  const versionId = done ? pending.versionId : (await secret.client.send(command)).VersionId;
  const isPendingNow = done ? 'pending already' : 'pending';
  return {
    text: isTarget(name)
      ? [
          `The new secret of ${name} is ${isPendingNow}: within 5 minutes each request has a signature by either secret.`,
          'Wait 5 minutes, then have the receiver check with the new one (docs/targets.md has the steps).',
          next('once it checks with the new secret', `secret promote ${name}`),
        ]
      : [
          `The new secret of ${name} is ${isPendingNow}: accepted at once, beside the current one.`,
          `Wait 15 seconds, then have ${secret.provider.title} sign with it (docs/secrets.md has the steps),`,
          'and check with secret status that deliveries match it.',
          next('once it signs with the new secret', `secret promote ${name}`),
        ],
    data: { source: name, pending: versionId },
  };
}
