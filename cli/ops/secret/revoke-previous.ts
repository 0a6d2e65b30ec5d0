import { OperatorError } from '../../operator-error.ts';
import type { Ops } from '../command.ts';
import type { Report } from '../output.ts';
import { replaceVerifiers } from './containers.ts';
import { next } from './next.ts';
import { listVersions, removeLabel, secretOf } from './stored.ts';

/**
 * Ends the previous secret at once. Without its label no verifier reads it any more; those that have it cached, as the previous
 * one or still as the current one, are replaced.
 */
export async function revokePrevious(ops: Ops, name: string): Promise<Report> {
  const secret = secretOf(name, ops);
  const previous = (await listVersions(secret)).find(({ label }) => label === 'previous');
  if (!previous) throw new OperatorError(`${name} has no previous secret: there is nothing to revoke.`);
  await removeLabel(secret, 'previous', previous.versionId);
  try {
    await replaceVerifiers(name, ops);
  } catch (error) {
    const why = error instanceof Error ? error.name : 'unknown error';
    return {
      text: [
        `The previous secret of ${name} is revoked, but its verifiers could not be replaced (${why}):`,
        'those that run now can accept it for 5 more minutes.',
        next('to see that nothing matches it any more', `secret status ${name}`),
      ].join('\n'),
      data: { source: name, revoked: previous.versionId, verifiersReplaced: false },
      ok: false,
    };
  }
  return {
    text: [
      `The previous secret of ${name} is revoked, and every verifier replaced: it is refused from now on.`,
      next('to see what is accepted', `secret status ${name}`),
    ].join('\n'),
    data: { source: name, revoked: previous.versionId, verifiersReplaced: true },
  };
}
