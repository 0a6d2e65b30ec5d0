import { z } from 'zod';
import { isTarget } from '../../../lambdas/core/target.ts';
import { OperatorError } from '../../operator-error.ts';
import { signedLane } from '../inputs.ts';
import { next } from '../next.ts';
import { operation } from '../operation.ts';
import type { Ops } from '../ops.ts';
import type { Report } from '../output.ts';
import { replaceVerifiers, REPLACES } from './containers.ts';
import { listVersions, removeLabel, secretOf, WRITES } from './stored.ts';

const output = z.object({
  source: z.string(),
  revoked: z.string().describe('id of the version'),
  verifiersReplaced: z.boolean().describe('false if running verifiers can accept the secret for 5 more minutes'),
});

/** Why a function that runs by `gradual` is not replaced. */
const VERSION_SERVES = 'by gradual a published version is called, which nobody can change';

/** `ops secret revoke-previous <source>`. */
export const secretRevokePrevious = operation({
  name: 'secret revoke-previous',
  summary: 'Ends the previous secret at once: for a compromised key.',
  ...{ input: z.object({ source: signedLane }), output, positional: ['source'] },
  effect: 'changes',
  permissions: [...WRITES, ...REPLACES],
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
  const data = { source: name, revoked: previous.versionId };
  let why: string | undefined;
  try {
    if (!(await replaceVerifiers(name, ops))) why = VERSION_SERVES;
  } catch (error) {
    why = error instanceof Error ? error.name : 'unknown error';
  }
  if (why !== undefined) {
    const isOfTarget = isTarget(name);
    return {
      text: [
        `The previous secret of ${name} is revoked, but its ${isOfTarget ? 'processors' : 'verifiers'} could not be replaced (${why}):`,
        isOfTarget
          ? 'those that run now can sign with it too for 5 more minutes.'
          : 'verifiers that run now can accept it for 5 more minutes.',
        ...(why === VERSION_SERVES
          ? ['If that is too long, stop the function for these minutes: docs/secrets.md says how.']
          : []),
        next(isOfTarget ? 'to see what signs' : 'to see that nothing matches it any more', `secret status ${name}`),
      ],
      data: { ...data, verifiersReplaced: false },
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
    data: { ...data, verifiersReplaced: true },
  };
}
