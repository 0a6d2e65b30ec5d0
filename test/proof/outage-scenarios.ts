import { CLOSED, RAMP_MS } from '../../lambdas/core/process/breaker.ts';
import type { BreakerState } from '../../lambdas/core/process/breaker.ts';
import { mendedAfter, OPEN } from './breaker-scenarios.ts';
import type { Mail } from './deliveries.ts';
import { pausing } from './errands.ts';
import { START } from './gateway.ts';
import type { Product } from './product.ts';
import { bounds, processor, providers, staging } from './staging.ts';
import type { BoundedScenario } from './staging.ts';

/** A breaker that has closed two minutes ago: the dead letters of the outage before that are looked for from now on. */
const RECOVERED: BreakerState = {
  ...{ ...CLOSED, since: START - RAMP_MS, recoveredAt: START - RAMP_MS },
  repair: { at: START, from: START - 3_600_000, left: 1_000 },
};
/** Milliseconds after which a dead letter that somebody has looked at is seen again, and the one look is far from the next. */
const NEXT_LOOK_MS = 150_000;

/** The scenarios of what a source does by itself after an outage, and of what stops it: a pause, an order beside a breaker. */
export function outageScenarios(product: Product): BoundedScenario[] {
  const bodyOf = (id: string, patientId: string): string => {
    const body = product.optum.sample({ id, now: new Date(START) });
    return JSON.stringify({ ...(JSON.parse(body) as object), data: { patientId } });
  };
  const mail = (name: string, body: string, more: Partial<Mail> = {}): Mail => ({
    ...{ name, body, fate: 'processed' },
    ...more,
  });
  const [a, b, c, d] = ['evt_1', 'evt_2', 'evt_3', 'evt_4'].map((id) => bodyOf(id, 'p1')) as [
    ...[string, string, string, string],
  ];
  const order = { by: 'data.patientId', newestOnly: false };
  const scenario = staging(product);

  return [
    scenario(
      'self-repair',
      'After an outage its dead letter goes back by itself; one that is permanent stays, and so does one that has gone back before.',
      ...[bounds(1, 0, 0), bounds(1, 0, 1)],
      [providers(mail('D', d), mail('B', b, { at: NEXT_LOOK_MS })), processor],
      {
        breaker: RECOVERED,
        deadLetters: [
          { body: a, fate: 'processed', reason: 'Unreachable' },
          { body: bodyOf('evt_5', 'p1'), fate: 'dead letter', reason: 'permanent: not known' },
          { body: c, fate: 'dead letter', reason: 'Unreachable', wasRepaired: true },
        ],
      },
    ),
    scenario(
      'repaired in vain',
      'A dead letter goes back by itself, fails again, and stays where it is then.',
      ...[bounds(0, 0, 1), bounds(1, 0, 0)],
      [providers(mail('B', b), mail('C', c, { at: NEXT_LOOK_MS }), mail('D', d, { at: 2 * NEXT_LOOK_MS })), processor],
      {
        ...{ breaker: RECOVERED, handlerIsBroken: true, order: { ...order, sound: ['evt_2', 'evt_3', 'evt_4'] } },
        deadLetters: [{ body: bodyOf('evt_1', 'p2'), fate: 'dead letter', reason: 'Unreachable' }],
      },
    ),
    scenario(
      'pause and resume',
      'An operator pauses the source at some moment, and resumes it: no function that begins meanwhile handles anything.',
      ...[bounds(1, 0, 0), bounds(1, 0, 1)],
      [providers(mail('A', a)), processor, (gateway) => pausing(gateway, 20_000)],
      { breaker: CLOSED },
    ),
    scenario(
      'paused for too long',
      'An event waits in a paused source until its queue is about to delete it: it is a dead letter, and the next of its order key goes on.',
      ...[bounds(0, 0, 1), bounds(1, 0, 0)],
      [
        providers(mail('A', a, { fate: 'settled' }), mail('B', b, { at: 1_900_000, fate: 'settled' })),
        processor,
        (gateway) => pausing(gateway, 4_000_000, 'resume'),
      ],
      { breaker: CLOSED, isPaused: true, order, retentionSeconds: 3_600 },
    ),
    scenario(
      'open breaker in line',
      'Two events of one order key come while the breaker is open: a probe of the first decides, and the second waits and spends no try.',
      ...[bounds(0, 0, 0), bounds(1, 0, 0)],
      [providers(mail('A', a), mail('B', b)), processor, mendedAfter(50_000)],
      { breaker: OPEN, handlerIsBroken: true, order },
    ),
  ];
}
