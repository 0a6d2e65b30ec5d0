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
import { readValue, removeLabel, secretOf, WRITES } from './stored.ts';

const output = z.object({
  source: z.string(),
  current: z.string().optional().describe('id of the version'),
  previousGraceHours: z.number(),
});

/** `ops secret promote <source>`. */
export const secretPromote = operation({
  name: 'secret promote',
  summary: 'Makes the pending secret the current one.',
  ...{ input: z.object({ source: signedLane }), output, positional: ['source'] },
  effect: 'changes',
  permissions: WRITES,
  run: (ops, input) => promoteSecret(ops, input.source),
});

/**
 * Makes the pending secret the current one, and so the current one the previous. It becomes a new version: the previous
 * secret's grace time is counted from the making of the current version, and a pending secret can have waited for weeks. Run
 * again after a crash between the two steps, it does only the second.
 */
async function promoteSecret(ops: Ops, name: string): Promise<Report<z.infer<typeof output>>> {
  const secret = await secretOf(name, ops);
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
      ...(isTarget(name)
        ? [`The one before it is the previous one: requests have a signature by it too for another ${hours} h.`]
        : [
            `The one before it is the previous one, accepted for another ${hours} h.`,
            'Within 5 minutes every running verifier has learned of this; then secret status shows when each last matched.',
          ]),
      next('if the old secret is compromised, or is not needed any more', `secret revoke-previous ${name}`),
    ],
    data: { source: name, current: (await readValue(secret, 'current'))?.versionId, previousGraceHours: hours },
  };
}
