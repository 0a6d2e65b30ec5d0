import type { Mail } from './deliveries.ts';
import { replay } from './errands.ts';
import { START } from './gateway.ts';
import type { Product } from './product.ts';
import { bounds, calmAtFirst, processor, providers, staging } from './staging.ts';
import type { BoundedScenario } from './staging.ts';

const ORDER = { by: 'data.patientId', newestOnly: false };

/** The scenarios of sources whose events are ordered. */
export function orderScenarios(product: Product): BoundedScenario[] {
  /** An event of a patient, that happened so many seconds after the start. */
  const bodyOf = (id: string, patientId: string, seconds = 0): string => {
    const body = product.optum.sample({ id, now: new Date(START + seconds * 1000) });
    return JSON.stringify({ ...(JSON.parse(body) as object), data: { patientId } });
  };
  const mail = (name: string, body: string, more: Partial<Mail> = {}): Mail => ({
    ...{ name, body, fate: 'processed' },
    ...more,
  });
  const [a, b] = [bodyOf('evt_1', 'p1'), bodyOf('evt_2', 'p1', 1)];
  const scenario = staging(product);

  return [
    scenario(
      'in order',
      'Two events of one order key come one after the other, or at once; whichever comes last may be the older by its own time.',
      ...[bounds(0, 0, 0), bounds(1, 0, 0)],
      [providers(mail('A', a), mail('B', b)), processor],
      { order: ORDER },
    ),
    scenario(
      'older and late',
      'An event comes after one of its order key that is newer by its own time was handled.',
      ...[bounds(1, 0, 0), bounds(1, 1, 0)],
      [providers(mail('B', b), mail('A', a, { at: 25_000 })), processor],
      { order: ORDER },
    ),
    scenario(
      'newest only',
      'Of two events of one order key, the older by its own time comes last, and is not wanted then.',
      ...[bounds(0, 0, 0), bounds(0, 1, 0)],
      [providers(mail('B', b, { fate: 'superseded' }), mail('A', a, { fate: 'superseded' })), processor],
      { order: { ...ORDER, newestOnly: true } },
    ),
    scenario(
      'dead letter in line',
      'The first event of an order key never succeeds, and the second does: it waits until the first is a dead letter, and no longer.',
      ...[bounds(0, 0, 0), bounds(1, 0, 0)],
      [providers(mail('A', a, { fate: 'dead letter' }), mail('B', b)), processor],
      { order: { ...ORDER, sound: ['evt_2'] }, handlerIsBroken: 'permanent: not known' },
    ),
    scenario(
      'replay in line',
      'A processed event is processed again by order, while another one of its order key comes.',
      ...[bounds(0, 0, 1), calmAtFirst(bounds(1, 0, 0))],
      [
        providers(mail('A', a), mail('B', b, { at: 25_000 })),
        (gateway) => replay(gateway, gateway.keyOf(a)),
        processor,
      ],
      { order: ORDER, isArchiveRead: true },
    ),
  ];
}
