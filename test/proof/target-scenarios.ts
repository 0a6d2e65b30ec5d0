import { START } from './gateway.ts';
import type { Product } from './product.ts';
import { bounds, processor, providers, staging } from './staging.ts';
import type { BoundedScenario } from './staging.ts';

/** A source with targets: its processor hands each event over, and each target makes of it what it can. */
export function targetScenarios(product: Product): BoundedScenario[] {
  const scenario = staging(product);
  const body = product.optum.sample({ id: 'evt_1', now: new Date(START) });
  const mail = providers({ name: 'A', body, fate: 'processed' });
  const steady = { name: 'optum.steady', surroundings: [processor] };
  return [
    scenario(
      'one target',
      'An event is handed over to a target, and is processed there once, whatever fails on the way.',
      ...[bounds(1, 0, 0), bounds(2, 0, 0)],
      [mail, processor],
      { targets: [steady], attempts: 4 },
    ),
    scenario(
      'a target that is down',
      'Of two targets one takes nothing: it has its dead letter, and the other one its event, once.',
      ...[bounds(0, 0, 0), bounds(1, 0, 0)],
      [mail, processor],
      { targets: [steady, { name: 'optum.down', isDown: true, surroundings: [processor] }] },
    ),
  ];
}
