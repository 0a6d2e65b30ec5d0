import { encodeKey } from '../../lambdas/core/event-key.ts';
import type { Event } from '../../lambdas/core/event.ts';
import type { Call } from './faults.ts';
import type { Gateway, Target } from './gateway.ts';

/**
 * Hands an event over by the product's own code, and notes at each target what it is to get: from the moment at which the source's
 * handler may run, each target has to process the event, once, or to have it among its dead letters.
 * If the source is ordered, each target gets the events of an order key in the order in which they are handed over.
 */
export async function handOver(event: Event, targets: readonly Target[], from: Gateway, call: Call, isHit: () => void) {
  const noting: Call = (label, effect, options) => call(label, effect, { ...options, onFault: isHit });
  const [key, body] = [encodeKey(event), event.body.toString()];
  for (const { lane } of targets) lane.lines.sent(key, body);
  await from.product.fanOut(event, {
    ...{ ledger: from.ledger(call, isHit), order: from.ordering(call, isHit), observer: from.observer },
    targets: targets.map(({ name, lane }) => ({
      name,
      queue: {
        send(sent) {
          const isKept = from.promises.isArchived(encodeKey(sent));
          from.simulation.promise(isKept, () => `${name} is handed ${sent.key} before its evidence is kept`);
          return lane.sender(lane.queue, noting).send(sent);
        },
      },
    })),
  });
  const { bodyHash } = event;
  for (const { isDown, lane } of targets) {
    const fate = isDown ? 'dead letter' : 'processed';
    lane.promises.handed({ key, bodyHash, receivedAt: from.simulation.now, fate });
    lane.lines.acknowledged(key, fate);
  }
}
