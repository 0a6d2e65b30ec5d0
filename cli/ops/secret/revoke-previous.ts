import { z } from 'zod';
import { isTarget } from '../../../lambdas/core/target.ts';
import { OperatorError } from '../../operator-error.ts';
import { signedLane } from '../inputs.ts';
import { next } from '../next.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { replaceVerifiers } from './containers.ts';
import { listVersions, removeLabel, secretOf, WRITES } from './stored.ts';

const output = z.object({
  source: z.string(),
  revoked: z.string().describe('id of the version'),
  verifiersReplaced: z.boolean().describe('false if running verifiers can accept the secret for 5 more minutes'),
});

/** `ops secret revoke-previous <source>`. */
export const secretRevokePrevious = operation({
  name: 'secret revoke-previous',
  summary: 'Ends the previous secret at once: for a compromised key.',
  ...{ input: z.object({ source: signedLane }), output, positional: ['source'] },
  effect: 'changes',
  permissions: [...WRITES, 'lambda:GetFunctionConfiguration', 'lambda:UpdateFunctionConfiguration'],
  run: (ops, input) => revokePrevious(ops, input.source),
});

/**
 * Ends the previous secret at once. Without its label no verifier reads it any more; verifiers that have it cached, as the
 * previous secret or still as the current one, are replaced.
 */
async function revokePrevious(ops: Ops, name: string): Promise<Report<z.infer<typeof output>>> {
  const secret = await secretOf(name, ops);
  const previous = (await listVersions(secret)).find(({ label }) => label === 'previous');
  if (!previous) throw new OperatorError(`${name} has no previous secret: there is nothing to revoke.`);
  await removeLabel(secret, 'previous', previous.versionId);
  try {
    await replaceVerifiers(name, ops);
  } catch (error) {
    const why = error instanceof Error ? error.name : 'unknown error';
    return {
      text: [
        ...(isTarget(name)
          ? [
              `The previous secret of ${name} is revoked, but its processors could not be replaced (${why}):`,
              'those that run now can sign with it too for 5 more minutes.',
            ]
          : [
              `The previous secret of ${name} is revoked, but its verifiers could not be replaced (${why}):`,
              'verifiers that run now can accept it for 5 more minutes.',
            ]),
        next(isTarget(name) ? 'to see what signs' : 'to see that nothing matches it any more', `secret status ${name}`),
      ],
      data: { source: name, revoked: previous.versionId, verifiersReplaced: false },
      ok: false,
    };
  }
  return {
    text: [
      isTarget(name)
        ? `The previous secret of ${name} is revoked, and every processor replaced: nothing is signed with it from now on.`
        : `The previous secret of ${name} is revoked, and every verifier replaced: it is refused from now on.`,
      next(isTarget(name) ? 'to see what signs' : 'to see what is accepted', `secret status ${name}`),
    ],
    data: { source: name, revoked: previous.versionId, verifiersReplaced: true },
  };
}
