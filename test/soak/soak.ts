/**
 * `npm run soak`: all five providers' deliveries at a set rate, with duplicates, forgeries and late retries, while the
 * processors run, secrets rotate and a poller gets missed events; then the account of every id.
 */
import { isRight } from './account.ts';
import type { Excuse } from './account.ts';
import { downtimeOf } from './doom.ts';
import { FailingSource } from './failing.ts';
import { Forwarding } from './forwarding.ts';
import { GatewayProcess } from './gateway-process.ts';
import { load } from './load.ts';
import { MissedEvents } from './missed.ts';
import { numberFrom, seeded } from './random.ts';
import { Receiver } from './receiver.ts';
import { accountTable } from './report.ts';
import { Rotation } from './rotation.ts';
import { accountFor, settle } from './settle.ts';
import { RECEIVER, soakConfig } from './settings.ts';
import { URL_TARGET } from './targets.ts';

const EVENTS = numberFrom('EVENTS', 100_000);
/** New events a second; a machine that cannot keep up sends as fast as it can. */
const RATE = numberFrom('RATE', 200);
const SEED = numberFrom('SEED', Date.now() % 1_000_000);
const CONCURRENCY = 10;
/** Lambda's name of the error of a function that has run out of time. */
const TIMED_OUT = 'Sandbox.Timedout';
/** In each of this many parts of the run events are missed, and a secret is rotated. */
const PARTS = 10;

console.log(`soak: ${EVENTS} events, seed ${SEED}`);
const random = seeded(SEED);
const errors: string[] = [];
const receiver = new Receiver(URL_TARGET);
const forwarding = new Forwarding(receiver);
/** The events that a function had when it was ended at its time-out, by a machine that is too slow. */
const interrupted = new Set<string>();
/** The other ways in which a function ended: nothing ends one here. */
const ends: string[] = [];
const gateway = new GatewayProcess({
  onMessage(message) {
    if (message.kind === 'error') errors.push(message.reason);
    if (message.kind !== 'unanswered') return;
    if (message.errorType !== TIMED_OUT) ends.push(message.errorType);
    else for (const key of message.keys) interrupted.add(key);
  },
});
const isExcused: Excuse = ({ id }) => interrupted.has(id);
try {
  process.env[RECEIVER] = await receiver.start();
  await gateway.start();
  const { url, fakeProviders } = gateway.addresses;
  const { sources } = soakConfig(fakeProviders);
  const [polled] = sources;
  if (polled?.name !== 'optum') throw new Error('the first source is the one that is polled');
  const missed = new MissedEvents(gateway, polled, random);
  const rotation = new Rotation(gateway);
  let beside: Promise<unknown> = Promise.resolve();
  const besides = async (part: number): Promise<void> => {
    await missed.list(Math.ceil(EVENTS / PARTS / 100), missed.events.slice(0, 5));
    await Promise.all([missed.poll(), rotation.rotate(sources[part % sources.length]?.name ?? '')]);
  };

  const way = { origin: url, secretOf: rotation.secretOf, random };
  const down = downtimeOf(EVENTS, RATE, Date.now());
  receiver.failDuring(down);
  const sent = await load({
    ...{ ...way, events: EVENTS, perSecond: RATE, concurrency: CONCURRENCY, sources, down },
    onEvent(count) {
      if (count % Math.ceil(EVENTS / PARTS) === 1)
        beside = beside.then(() => besides(Math.floor((count / EVENTS) * PARTS)));
    },
    progress: (line) => console.log(`  ${line}, ${rotation.count} rotations, ${missed.events.length} events missed`),
  });
  console.log('  all sent; each rotation that is still to come takes half a minute, and what failed is tried again');
  await beside;
  await missed.poll();
  // An event that is not listed any more has been acknowledged to its provider.
  const failing = new FailingSource(sources, sent, way);
  forwarding.sent(sent);
  const dead = await settle(gateway, { failing, doomedAt: forwarding.doomedAt });
  const acknowledged = new Set([...failing.acknowledged, ...missed.events.map(({ id }) => id)]);
  const events = [...sent.events, ...missed.events, ...failing.events];
  const account = await accountFor(gateway, events, acknowledged, { excuse: isExcused, dead });
  console.log(accountTable('soak', account, sent));
  const isRightAtTargets = await forwarding.isRight(gateway.addresses, { ...sent, dead }, isExcused);
  console.log(`functions ended at their time-out had ${interrupted.size} events; other ends: ${countOf(ends)}`);
  console.log(`rotations: ${rotation.count}; events found by polling: ${missed.events.length}`);
  console.log(`error lines in the functions' logs: ${countOf(errors)}`);
  // Nothing fails here, so no provider may have had to give up, and no delivery may have been refused.
  const isCalm = sent.turnedAway === 0 && account.givenUp === 0;
  const hasEnded = ends.length > 0;
  process.exitCode = isRight(account) && isRightAtTargets && isCalm && !hasEnded && rotation.count > 0 ? 0 : 1;
} finally {
  receiver.stop();
  await gateway.end('stop');
}
function countOf(words: readonly string[]): string {
  const groups = Object.entries(Object.groupBy(words, (word) => word));
  return groups.map(([word, of = []]) => `${word} ${of.length}`).join(', ') || 'none';
}

console.log(process.exitCode === 0 ? 'soak: lost 0, processed twice 0' : 'soak: FAILED');
