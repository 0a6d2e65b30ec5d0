import type { Mail } from './deliveries.ts';
import { drop, redrive, release, replay, shownTwice } from './errands.ts';
import { START } from './gateway.ts';
import type { Product } from './product.ts';
import { AFTER_THE_WINDOW, bounds, calmAtFirst, processor, providers, staging, timeToLive } from './staging.ts';
import type { Actor, BoundedScenario } from './staging.ts';

const redriving =
  (from: number): Actor =>
  (gateway) =>
    redrive(gateway, START + from);
/** An operator who sees to the event of this body. */
const by =
  (errand: typeof replay, body: string, times?: number): Actor =>
  (gateway) =>
    errand(gateway, gateway.keyOf(body), times);

/** The scenarios of what operators do; each tries again after a crash. */
export function operatorScenarios(product: Product): BoundedScenario[] {
  const event = product.optum.sample({ id: 'evt_1', now: new Date(START) });
  const mail = (name: string, more: Partial<Mail> = {}): Mail => ({ name, body: event, fate: 'processed', ...more });
  /** Older than the window: whether the ledger has forgotten it cannot be known, and a person decides. */
  const waiting = product.optum.sample({ id: 'evt_1', now: new Date(START - AFTER_THE_WINDOW) });
  const old = (name: string): Mail => mail(name, { body: waiting, fate: 'decided' });
  const large = event.replace('{', `{ "padding": "${'x'.repeat(2 ** 20)}",`);
  const scenario = staging(product);

  return [
    scenario(
      'dead letters',
      'The handler fails until the event is a dead letter; it is mended, and the event redriven.',
      ...[bounds(1, 0, 0), bounds(1, 1, 1)],
      [providers(mail('A')), processor, redriving(0)],
      { handlerIsBroken: true },
    ),
    scenario(
      'permanent failure',
      'The handler says that an event can never succeed: it is a dead letter at once. It is mended, and the event redriven.',
      ...[bounds(1, 0, 0), bounds(1, 1, 1)],
      [providers(mail('A')), processor, redriving(0)],
      { handlerIsBroken: 'permanent: not known' },
    ),
    scenario(
      'late dead letters',
      'A dead letter is redriven when the ledger may have forgotten its event.',
      ...[calmAtFirst(bounds(1, 0, 0)), bounds(1, 0, 1)],
      [providers(mail('A')), processor, redriving(AFTER_THE_WINDOW), timeToLive],
      { handlerIsBroken: true },
    ),
    scenario(
      'release',
      'An event that waits for a person comes twice; an operator releases it, again after a crash.',
      ...[bounds(1, 0, 0), bounds(1, 0, 1)],
      [providers(old('A'), old('A again')), by(release, waiting), processor],
    ),
    scenario(
      'drop',
      'An event that waits for a person comes twice; an operator drops it, again after a crash.',
      ...[bounds(1, 0, 0), bounds(1, 0, 1)],
      [providers(old('A'), old('A again')), by(drop, waiting), processor],
    ),
    scenario(
      'release or drop',
      'One operator releases an event, and another one drops it.',
      ...[calmAtFirst(bounds(1, 0, 0)), bounds(1, 0, 1)],
      [providers(old('A')), by(release, waiting), by(drop, waiting), processor, shownTwice],
    ),
    scenario(
      'replay order',
      'A processed event is processed again by order, while its provider delivers it again.',
      ...[bounds(1, 0, 0), bounds(1, 0, 1)],
      [providers(mail('A'), mail('A again')), by(replay, event), processor],
      { isArchiveRead: true },
    ),
    scenario(
      'two orders',
      'An event is processed again by two orders.',
      ...[calmAtFirst(bounds(1, 0, 0)), calmAtFirst(bounds(1, 1, 0))],
      [providers(mail('A')), by(replay, event, 2), processor],
      { isArchiveRead: true },
    ),
    scenario(
      'large replay',
      'An event that no queue message holds is processed again by order, byte for byte.',
      ...[calmAtFirst(bounds(0, 0, 1)), calmAtFirst(bounds(1, 0, 0))],
      [providers(mail('A', { body: large })), by(replay, large), processor],
      { isArchiveRead: true },
    ),
    scenario(
      'late mark',
      'An event is processed again by order, beside a processor whose mark came late.',
      ...[bounds(1, 1, 0), bounds(1, 1, 1)],
      [providers(mail('A')), by(replay, event), processor],
      { isArchiveRead: true },
    ),
  ];
}
