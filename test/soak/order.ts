/**
 * `npm run kills:order`: an ordered source of many keys, while its functions are killed at random and the gateway is ended and
 * started again on its data. Exits with 1 if an event of a key was handled after a later one, or is missing.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { localSecret } from '../../cli/local-gateway.ts';
import { targetName } from '../../lambdas/core/target.ts';
import { eventKey } from '../../cli/send/event-key.ts';
import { sampleOf } from '../../lambdas/core/provider.ts';
import { deliver } from './deliver.ts';
import { GatewayProcess } from './gateway-process.ts';
import type { FaultRule } from '../../local/faults.ts';
import { fault, publications } from './inspection.ts';
import { Receiver } from './receiver.ts';
import { outOfOrder } from './in-order.ts';
import { numberFrom, seeded } from './random.ts';
import { ORDERED, ORDERED_RUN, RECEIVER, soakConfig } from './settings.ts';
import { settle } from './settle.ts';

const EVENTS = numberFrom('EVENTS', 10_000);
const KEYS = numberFrom('KEYS', 1_000);
const SEED = numberFrom('SEED', Date.now() % 1_000_000);
/**
 * Keys whose events are on their way at once. Each is an execution environment of the verifier, and a kill ends all of them: with
 * 24 of them, two processors of this machine did little but start processes.
 */
const SIDE_BY_SIDE = 8;
/** Milliseconds between two kills, on average. */
const KILL_EVERY_MS = 1_000;
const FUNCTIONS = ['OrderedVerifier', 'OrderedProcessor', 'OrderedToUrlProcessor'];

process.env[ORDERED_RUN] = '1';
const random = seeded(SEED);
const directory = await mkdtemp(join(tmpdir(), 'hookgate-order-'));
let crashes = 0;
/** Of the requests to the HTTP target, how many fail: the later events of a key wait for the next try. */
const FAILING = 0.05;
const target = targetName(ORDERED, 'url');
/**
 * Of the tries at the target, some fail before the event has asked whether it is its turn: the queue then hands out a later event of
 * its key first, as SQS may at any time and the queue of this machine never does by itself.
 */
const OVERTAKEN: FaultRule = {
  ...{ service: 'dynamodb', function: 'OrderedToUrlProcessor', contains: 'leaseUntil = :until', times: 1_000_000_000 },
  ...{ kind: 'error', status: 400, code: 'AccessDeniedException', probability: 0.05 },
};
const receiver = new Receiver(target, { fails: () => random() < FAILING, isGone: () => false });
const gateway = new GatewayProcess({
  dataDirectory: directory,
  onMessage: (message) => message.kind === 'crashed' && crashes++,
});

const start = async (): Promise<void> => {
  await gateway.start();
  await fault(gateway.addresses, 'POST', OVERTAKEN);
};

console.log(`kills, ordered: seed ${SEED}`);
try {
  process.env[RECEIVER] = await receiver.start();
  await start();
  const source = soakConfig(gateway.addresses.fakeProviders).sources.find(({ name }) => name === ORDERED);
  if (!source) throw new Error('the run has no ordered source');

  /** The keys of the events of each line, in the order in which they were acknowledged. */
  const lines = Array.from({ length: KEYS }, (): string[] => []);
  let sent = 0;
  const sendNext = async (line: string[], patientId: string): Promise<void> => {
    const id = `${patientId}-${line.length}`;
    const sample = JSON.parse(sampleOf(source.provider, { id, now: new Date() }).body.toString()) as object;
    const body = Buffer.from(JSON.stringify({ ...sample, data: { patientId } }));
    const event = { kind: 'once', source, body, id, isDoomed: false } as const;
    const { status } = await deliver(event, gateway.addresses.url, (name) => localSecret(name, {}));
    if (status !== 200) throw new Error(`an event was given up: ${status}`);
    line.push(`${ORDERED}#${eventKey(source, body)}`);
    sent++;
  };

  // In rounds, so that a line has several events under way, and is quiet in between.
  const perLine = Math.ceil(EVENTS / KEYS);
  const send = async (): Promise<void> => {
    for (let round = 0; round < perLine; round += 5) {
      const left = lines.entries();
      const work = async (): Promise<void> => {
        for (const [index, line] of left)
          for (let count = round; count < Math.min(round + 5, perLine); count++)
            await sendNext(line, `patient-${index}`);
      };
      await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
    }
  };

  const done = new AbortController();
  const killing = (async () => {
    while (!done.signal.aborted) {
      await sleep(KILL_EVERY_MS * 2 * random());
      gateway.crash(FUNCTIONS[Math.floor(random() * FUNCTIONS.length)] ?? '');
    }
  })();
  const ending = (async () => {
    for (const [index, how] of (['kill', 'stop', 'kill'] as const).entries()) {
      while (sent < (EVENTS * (index + 1)) / 4 && !done.signal.aborted) await sleep(50);
      if (done.signal.aborted) return;
      await gateway.end(how);
      console.log(`  the gateway was ended (${how}) after ${sent} events, and starts again`);
      await start();
    }
  })();
  await send();
  await ending;
  done.abort();
  await killing;
  await settle(gateway);

  const published = await publications(gateway.addresses);
  const places = [...receiver.taken].map(
    ([key, taken]) => [`${ORDERED}#${key}`, taken.map(({ place }) => place)] as const,
  );
  const atTarget = lines.flatMap((line) => outOfOrder(line, new Map(places)).map((flaw) => `${target}: ${flaw}`));
  const flaws = [...lines.flatMap((line) => outOfOrder(line, published)), ...atTarget];
  for (const flaw of flaws.slice(0, 10)) console.error(`  ${flaw}`);
  const again = lines.flat().filter((id) => (published.get(id)?.length ?? 0) > 1).length;
  console.log(
    `${sent} events of ${KEYS} keys, ${crashes} functions killed: ${flaws.length} out of order or lost; ${again} handled again after a kill`,
  );
  process.exitCode = flaws.length === 0 ? 0 : 1;
} finally {
  receiver.stop();
  await gateway.end('stop');
  await rm(directory, { recursive: true, force: true });
}
console.log(process.exitCode === 0 ? 'kills, ordered: every key is in order' : 'kills, ordered: FAILED');
