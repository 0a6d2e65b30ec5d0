import { LEAST_TARGET_WINDOW_DAYS } from '../../lib/config/targets.ts';
import { redrive, redriveInVain } from './errands.ts';
import { START } from './gateway.ts';
import type { Product } from './product.ts';
import { bounds, processor, providers, staging, timeToLive } from './staging.ts';
import type { Actor, BoundedScenario } from './staging.ts';

const DAY_MS = 86_400_000;
/** Time enough for the source to handle two events. */
const LATE_MS = 60_000;

/** A processor that is given nothing at first: Lambda has no execution environment left, say. */
const lateProcessor: Actor = (gateway) => {
  const inTime = processor(gateway);
  return {
    moves: () => (gateway.simulation.now < START + LATE_MS ? [] : inTime.moves()),
    times: () => [START + LATE_MS, ...inTime.times()],
    state: () => inTime.state(),
  };
};

/** A source with targets: its processor hands each event over, and each target makes of it what it can. */
export function targetScenarios(product: Product): BoundedScenario[] {
  const scenario = staging(product);
  const body = product.optum.sample({ id: 'evt_1', now: new Date(START) });
  const mail = providers({ name: 'A', body, fate: 'processed' });
  const ordered = (name: string, id: string, seconds: number) => {
    const sample = product.optum.sample({ id, now: new Date(START + seconds * 1000) });
    const inLine = JSON.stringify({ ...(JSON.parse(sample) as object), data: { patientId: 'p1' } });
    return { name, body: inLine, at: seconds * 1000, fate: 'processed' } as const;
  };
  const late = { name: 'optum.late', surroundings: [lateProcessor] };
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
    scenario(
      'an ordered target',
      'Two events of one order key are handed over before the target takes any, and are processed there in that order, whatever its queue hands out first.',
      ...[bounds(0, 0, 0), bounds(1, 0, 0)],
      [providers(ordered('A', 'evt_1', 0), ordered('B', 'evt_2', 25)), processor],
      { order: { by: 'data.patientId', newestOnly: false }, targets: [late], attempts: 4 },
    ),
    scenario(
      'a source that fails for weeks',
      'A target has its event; the handler of its source fails, and the dead letter is redriven after 25 days and after 50.',
      ...[bounds(0, 0, 0), bounds(0, 0, 1)],
      [
        ...[mail, processor, timeToLive],
        (gateway) => redriveInVain(gateway, START + 25 * DAY_MS),
        (gateway) => redrive(gateway, START + 50 * DAY_MS),
      ],
      {
        ...{ handlerIsBroken: true, windowSeconds: LEAST_TARGET_WINDOW_DAYS * 86_400, attempts: 1 },
        targets: [{ name: 'optum.steady', surroundings: [processor, timeToLive] }],
      },
    ),
  ];
}
