import type { Loss } from './changes.ts';
import { isDangerous } from './dangers.ts';
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
  /** Stacks of the assembly that are not the gateway's: nobody has looked at them. */
  readonly others: readonly string[];
  /** Routes whose deliveries would fail meanwhile; absent if there is none. */
  readonly routes?: readonly LostRoute[];
}

/** Whether a pipeline has to stop before the deployment. */
export const mustStop = ({ losses, routes = [] }: UpgradeReport): boolean =>
  routes.length > 0 || losses.some(isDangerous);

/**
 * The report for a person: what is dangerous first, and plainly whether data is lost.
 *
 * @param place the region and account that were asked: `eu-central-1 of this account`
 */
export function upgradeText(
  { compared, added, left, losses, others, routes = [] }: UpgradeReport,
  place: string,
): string {
  const notLookedAt = others.length > 0 ? [`Not looked at, because not of the gateway: ${others.join(', ')}.`] : [];
  if (compared.length === 0)
    return [
      `Nothing is deployed yet in ${place}, so nothing can be replaced. A deployment makes ${added.join(', ')}.`,
      ...notLookedAt,
    ].join('\n');
  const dangerous = losses.filter(isDangerous);
  const stops = routes.length + dangerous.length;
  const safe = (impact: (loss: Loss) => boolean): Loss[] => losses.filter((loss) => !isDangerous(loss) && impact(loss));
  const removed = safe((loss) => loss.impact === 'removed');
  const replaced = safe((loss) => loss.impact !== 'removed');
  return [
    ...lostRoutesText(routes),
    ...dangerous.flatMap(describe),
    ...(removed.length > 0 ? [`Removed without a loss of data: ${removed.map(name).join(', ')}.`] : []),
    ...(replaced.length > 0
      ? [`Replaced, with nothing in it and known to nobody outside of the stack: ${replaced.map(name).join(', ')}.`]
      : []),
    ...(added.length > 0 ? [`Not deployed yet, and made by a deployment: ${added.join(', ')}.`] : []),
    ...left.map(
      (stack) => `Not in the configuration any more: ${stack}. A deployment leaves it; cdk destroy deletes it.`,
    ),
    ...notLookedAt,
    stops === 0
      ? `${compared.length} stacks compared: nothing that holds data or that others know is replaced or removed.`
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
  if (!holdsData && isGone)
    return `Whoever knows it by its name or address has to be told${isKept ? '; it stays in the account, outside of the stack' : ''}.`;
  if (!holdsData)
    return `A new one takes its place${isKept ? ', beside the old one' : ''}: whoever knows the old one by its name or address has to be told.`;
  if (isKept)
    return isGone
      ? 'It stays in the account with its data, outside of the stack; the gateway uses it no more.'
      : 'The old one stays in the account with its data, outside of the stack; the new one is empty.';
  return isGone ? 'ITS DATA IS LOST.' : 'ITS DATA IS LOST: the new one is empty, and the old one is deleted.';
}
