import { CLOSED } from '../../lambdas/core/process/breaker.ts';
import type { BreakerState } from '../../lambdas/core/process/breaker.ts';
import type { Mail } from './deliveries.ts';
import { START } from './gateway.ts';
import type { Gateway, Surroundings } from './gateway.ts';
import type { Product } from './product.ts';
import { bounds, processor, providers, staging } from './staging.ts';
import type { Actor, BoundedScenario } from './staging.ts';

/** A breaker that has been open for a minute, and whose next probe is due. */
export const OPEN: BreakerState = {
  ...{ ...CLOSED, phase: 'open', since: START - 60_000, outageSince: START - 60_000, kind: 'unreachable' },
  probeAt: START,
};

/** The service behind the handler works again from a moment on. */
export const mendedAfter =
  (milliseconds: number): Actor =>
  (gateway: Gateway): Surroundings => ({
    moves: () =>
      gateway.handlerIsBroken !== false && gateway.simulation.now >= START + milliseconds
        ? [{ label: 'what is behind works again', faults: 0, apply: () => void (gateway.handlerIsBroken = false) }]
        : [],
    times: () => (gateway.handlerIsBroken === false ? [] : [START + milliseconds]),
    state: () => '',
  });

/** The scenarios of a source whose breaker is open. */
export function breakerScenarios(product: Product): BoundedScenario[] {
  const mail = (name: string, id: string): Mail => ({
    ...{ name, body: product.optum.sample({ id, now: new Date(START) }), fate: 'processed' },
  });
  const both = providers(mail('A', 'evt_1'), mail('B', 'evt_2'));
  const scenario = staging(product);
  return [
    scenario(
      'open breaker',
      'Two events come while the breaker is open, and tries would succeed: one probe at a time closes it.',
      ...[bounds(0, 0, 1), bounds(1, 0, 0)],
      [both, processor],
      { breaker: OPEN },
    ),
    scenario(
      'failing probe',
      'A probe fails, and spends no try of its event; what is behind the handler works again, and the next one closes the breaker.',
      ...[bounds(0, 0, 1), bounds(1, 0, 0)],
      [providers(mail('A', 'evt_1')), processor, mendedAfter(50_000)],
      { breaker: OPEN, handlerIsBroken: true },
    ),
  ];
}
