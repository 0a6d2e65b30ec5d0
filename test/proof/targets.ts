import { encodeKey } from '../../lambdas/core/event-key.ts';
import type { Event } from '../../lambdas/core/event.ts';
import type { Ledger } from '../../lambdas/core/ports.ts';
import type { Call } from './faults.ts';
import type { Gateway, Target } from './gateway.ts';

/**
 * Hands an event over by the product's own code, and notes at each target what it is to get: from the moment at which the source's
 * handler may run, each target has to process the event, once, or to have it among its dead letters.
 */
export async function handOver(event: Event, targets: readonly Target[], from: Gateway, call: Call, isHit: () => void) {
  const noting: Call = (label, effect, options) => call(label, effect, { ...options, onFault: isHit });
  const laneOf = ({ source }: Pick<Event, 'source'>): Gateway => {
    const lane = targets.find(({ name }) => name === source)?.lane;
    if (!lane) throw new Error('an event of no target');
    return lane;
  };
  const ledger: Pick<Ledger, 'claim' | 'markQueued'> = {
    claim: (claimed, options) => laneOf(claimed).ledger(call, isHit).claim(claimed, options),
    markQueued: (marked) => laneOf(marked).ledger(call, isHit).markQueued(marked),
  };
  await from.product.fanOut(event, {
    ...{ ledger, observer: from.observer },
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
    const handed = { key: encodeKey(event), bodyHash, receivedAt: from.simulation.now };
    lane.promises.handed({ ...handed, fate: isDown ? 'dead letter' : 'processed' });
  }
}
