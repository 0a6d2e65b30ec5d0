import { isDangerous } from './changes.ts';
import type { Loss } from './changes.ts';
import { lostRoutesText } from './routes.ts';
import type { LostRoute } from './routes.ts';

/** The findings of a check. */
export interface UpgradeReport {
  /** The stacks that were compared, by name. */
  readonly compared: readonly string[];
  /** Stacks of the new version that are not deployed yet. */
  readonly added: readonly string[];
  /** Deployed stacks that the new version does not have: a deployment leaves them as they are. */
  readonly left: readonly string[];
  readonly losses: readonly Loss[];
  /** Routes whose deliveries would fail meanwhile; absent if there is none. */
  readonly routes?: readonly LostRoute[];
}

/** Whether a pipeline has to stop before the deployment. */
export const mustStop = ({ losses, routes = [] }: UpgradeReport): boolean =>
  routes.length > 0 || losses.some(isDangerous);

/** The report for a person: what is dangerous first, and plainly whether data is lost. */
export function upgradeText({ compared, added, left, losses, routes = [] }: UpgradeReport): string {
  const [dangerous, others] = [losses.filter(isDangerous), losses.filter((loss) => !isDangerous(loss))];
  const stops = routes.length + dangerous.length;
  return [
    ...lostRoutesText(routes),
    ...dangerous.flatMap(describe),
    ...(others.length > 0 ? [`Removed without a loss of data: ${others.map(name).join(', ')}.`] : []),
    ...(added.length > 0 ? [`Not deployed yet, and made by a deployment: ${added.join(', ')}.`] : []),
    ...left.map(
      (stack) => `Not in the configuration any more: ${stack}. A deployment leaves it; cdk destroy deletes it.`,
    ),
    stops === 0
      ? `${compared.length} stacks compared: nothing is replaced, and nothing that holds data is removed.`
      : `${stops} of these changes are a reason to stop: docs/upgrade.md says what to do.`,
  ].join('\n');
}

const name = ({ stack, logicalId, type }: Loss): string => `${stack}/${logicalId} (${type})`;

function describe(loss: Loss): string[] {
  const { impact, properties } = loss;
  const because = properties.length === 0 ? '' : `, because ${properties.join(', ')} changes`;
  const will = impact === 'may be replaced' ? 'MAY BE REPLACED' : `IS ${impact.toUpperCase()}`;
  return [`${name(loss)} ${will}${because}.`, `  ${consequence(loss)}`];
}

function consequence({ impact, holdsData, isKept }: Loss): string {
  const isGone = impact === 'removed';
  if (!holdsData)
    return `A new one takes its place${isKept ? ', beside the old one' : ''}: whoever knows the old one by its name or address has to be told.`;
  if (isKept)
    return isGone
      ? 'It stays in the account with its data, outside of the stack; the gateway uses it no more.'
      : 'The old one stays in the account with its data, outside of the stack; the new one is empty.';
  return isGone ? 'ITS DATA IS LOST.' : 'ITS DATA IS LOST: the new one is empty, and the old one is deleted.';
}
