import { lossesOf } from './changes.ts';
import type { UpgradeReport } from './report.ts';
import { lostRoutes } from './routes.ts';
import type { Templates } from './templates.ts';

/**
 * Compares what is deployed with what the installed version makes.
 *
 * @param isWhole whether `deployed` has every stack of the gateway; if not, a stack that it lacks is not called new
 * @param others the stacks beside `next` that are not the gateway's
 */
export function checkUpgrade(
  deployed: Templates,
  next: Templates,
  isWhole: boolean,
  others: readonly string[] = [],
): UpgradeReport {
  const routes = lostRoutes(deployed, next);
  const compared = [...deployed.keys()].filter((stack) => next.has(stack));
  return {
    compared,
    added: isWhole ? [...next.keys()].filter((stack) => !deployed.has(stack)) : [],
    left: [...deployed.keys()].filter((stack) => !next.has(stack)),
    losses: compared.flatMap((stack) => lossesOf(stack, deployed.get(stack) ?? {}, next.get(stack) ?? {})),
    ...(routes.length > 0 && { routes }),
    others,
  };
}
