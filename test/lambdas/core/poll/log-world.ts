import { accept } from '../../../../lambdas/core/accept.ts';
import { identify } from '../../../../lambdas/core/receive/identify.ts';
import type { FakeDelivery } from '../../../../local/fake-providers/logs/log.ts';
import { sampled, signed, verified } from '../../providers/deliveries.ts';
import { setUpPoll } from './fixtures.ts';
import type { World } from './fixtures.ts';

const MINUTE = 60_000;

/** A gateway beside the stand-in for a provider's log. */
export function setUpLog(name: string) {
  const world = setUpPoll(name);
  const log = world.logs[name];
  if (!log) throw new Error(`there is no stand-in for the log of ${name}`);
  const { provider } = world.source;

  /** Something happens at the provider, which logs it and may deliver it. */
  const happen = (id: string, delivered: boolean): FakeDelivery => {
    const at = new Date(world.time.now);
    const { body } = sampled(provider, { id, now: at });
    const delivery = { id: idOf(world, id), type: 'sample', at, body: body.toString(), delivered };
    log.deliveries.push(delivery);
    return delivery;
  };
  /** A delivery comes to the front door. */
  const deliver = async (id: string): Promise<void> => {
    const now = new Date(world.time.now);
    const { body, headers } = sampled(provider, { id, now: new Date(timeOf(world, id)) });
    const event = identify(verified(signed(provider, body, { headers, now }), now), world.source);
    await accept(event, { ...world.parts, observer: world.observer });
  };
  const names = new Map<string, string>();
  const times = new Map<string, number>();
  const idOf = (_world: World, id: string): string => {
    const { body, headers } = sampled(provider, { id, now: new Date(world.time.now) });
    const event = identify(
      verified(signed(provider, body, { headers, now: new Date(world.time.now) }), new Date(world.time.now)),
      world.source,
    );
    names.set(event.key, id);
    times.set(id, world.time.now);
    return event.key;
  };
  const timeOf = (_world: World, id: string): number => times.get(id) ?? world.time.now;
  const resent: string[] = [];
  log.onResend = ({ id }) => void resent.push(names.get(id) ?? id);

  /** Polls until the cursor has passed everything, with what was asked for coming in between. */
  const recover = async (changes: Parameters<World['run']>[0] = {}, most = 30): Promise<void> => {
    for (let polls = 0; polls < most; polls++) {
      world.time.now += 5 * MINUTE;
      const report = await world.run(changes);
      for (const id of resent.splice(0)) await deliver(id);
      await world.process();
      if (report.outcome === 'succeeded' && report.accepted + report.asked + report.left === 0) return;
    }
    throw new Error('the polls came to no end');
  };
  return { world, log, happen, deliver, recover };
}
