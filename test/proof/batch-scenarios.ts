import { batching, eventsOf } from './batching-provider.ts';
import type { Mail } from './deliveries.ts';
import type { Product } from './product.ts';
import { bounds, processor, providers, staging } from './staging.ts';
import type { BoundedScenario } from './staging.ts';

/** Deliveries that carry several events: the delivery is queued whole, and its events are told apart behind the queue. */
export function batchScenarios(product: Product): BoundedScenario[] {
  const scenario = staging(product);
  const mail = (name: string, body: string, more: Partial<Mail> = {}): Mail => ({
    ...{ name, body, fate: 'processed', ...more },
  });
  const settings = { provider: batching };
  return [
    scenario(
      'a list of one',
      'A delivery is a list of one event: its signature is over the list, and it is told apart behind the queue too.',
      ...[bounds(1, 0, 0), bounds(2, 0, 1)],
      [providers(mail('A', eventsOf('a'))), processor],
      settings,
    ),
    scenario(
      'several events',
      'A delivery of two events is sent until it is acknowledged, and each of the two is processed.',
      ...[bounds(0, 0, 0), bounds(1, 0, 0)],
      [providers(mail('A and B', eventsOf('a', 'b'))), processor],
      settings,
    ),
    scenario(
      'cut otherwise',
      'An event comes in two deliveries at once: alone, and beside another one.',
      ...[bounds(0, 0, 0), bounds(1, 0, 0)],
      [providers(mail('A', eventsOf('a')), mail('A and B', eventsOf('a', 'b'))), processor],
      settings,
    ),
    scenario(
      'unreadable beside readable',
      'A delivery holds an event and something that nobody can read: that alone waits for a person.',
      ...[bounds(0, 0, 1), bounds(1, 0, 1)],
      [providers(mail('A and 17', eventsOf('a', 17), { fate: 'safe' })), processor],
      settings,
    ),
  ];
}
