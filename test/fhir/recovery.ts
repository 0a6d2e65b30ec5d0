import { receive } from '../../lambdas/core/receive/receive.ts';
import { splitBatches } from '../../lambdas/core/process/split.ts';
import { processBatch } from '../../lambdas/core/process/process.ts';
import { encodeMessage } from '../../lambdas/core/message.ts';
import { FhirSettings } from '../../local/fake-providers/fhir/subscription.ts';
import { fixedSecrets, MemoryArchive, MemoryBodies, memoryRetries } from '../lambdas/core/in-memory.ts';
import { secretsOf, signed } from '../lambdas/providers/deliveries.ts';
import { setUpPoll } from '../lambdas/core/poll/fixtures.ts';

const ID = 'subscription-fhir';
const HOUR = 3_600_000;

export interface RecoveryOutcome {
  readonly counts: Readonly<Record<'happened' | 'delivered' | 'recovered' | 'processed' | 'writtenOff', number>>;
  /** Ranges of numbers, as the report names them. */
  readonly writtenOff: readonly string[];
  /** Broken promises, as sentences; empty if all is well. */
  readonly flaws: readonly string[];
}

/**
 * So many events of one Subscription: a fifth is lost, a tenth is sent again in other batches, the gateway restarts once, and once
 * the server forgets all but its latest events before a poll could ask for them. In memory, and on a clock of its own.
 */
export async function recoveryRun(events: number): Promise<RecoveryOutcome> {
  const world = setUpPoll('fhir');
  const server = world.fhir.subscription(ID);
  server.settings = FhirSettings.parse({ maxCount: 3, losesEvery: 5, repeatsEvery: 10, reorders: true });
  const secrets = fixedSecrets(secretsOf(world.source.provider).stored);
  const runs = new Map<string, number>();
  let delivered = 0;

  const deliver = async (texts: readonly string[]): Promise<void> => {
    for (const text of texts) {
      delivered++;
      const { ledger, queue, quarantine, observer, time } = world;
      const ports = { ledger, queue, quarantine, observer, secrets, clock: () => time.now };
      const answer = await receive(signed(world.source.provider, text, { headers: {} }), world.source, ports);
      if (answer.status !== 200) throw new Error(`answered ${answer.status}`);
    }
  };
  const process = async (): Promise<void> => {
    while (world.queue.events.length > 0) {
      const taken = world.queue.events.splice(0, 500);
      const records = taken.map((event, index) => ({ id: String(index), text: encodeMessage(event) }));
      const { ledger, queue, quarantine, observer, time } = world;
      const ports = {
        ...{ ledger, queue, quarantine, observer, clock: () => time.now, owner: 'run', leaseMs: 30_000 },
        ...{ archivedIn: 'run', bodies: new MemoryBodies(), archive: new MemoryArchive(), ...memoryRetries() },
        handle: (batch: Parameters<Parameters<typeof processBatch>[1]['handle']>[0]) => {
          for (const { event } of batch) runs.set(event.key, (runs.get(event.key) ?? 0) + 1);
          return batch.map(() => Promise.resolve());
        },
      };
      await processBatch((await splitBatches(records, ports)).events, ports);
    }
  };
  const poll = () => world.run({}, { maxEvents: 5000, maxPages: 200 });

  const rounds = 20;
  const size = Math.ceil(events / rounds);
  const forgotten = new Set<number>();
  let recovered = 0;
  for (let round = 0; round < rounds; round++) {
    const added = server.happen(Math.min(size, events - server.events.length));
    await deliver(server.deliveriesOf(added));
    // The queue is emptied before the poll, which then fetches the lost events and nothing else.
    await process();
    if (round === 7) {
      // A restart in the middle of a poll: what it had not saved is done again.
      let calls = 0;
      const { http } = world.parts;
      await world.run({ http: (request) => (++calls > 3 ? Promise.reject(new Error('died')) : http(request)) });
      world.time.now += HOUR;
    }
    if (round === 12) {
      server.settings = { ...server.settings, historyLimit: Math.ceil(size / 2) };
      for (const { number } of added.slice(0, -Math.ceil(size / 2))) if (number % 5 === 0) forgotten.add(number);
    }
    recovered += (await poll()).accepted;
    await process();
    server.settings = { ...server.settings, historyLimit: undefined };
    if (round === 12) for (const number of forgotten) hide(server, number);
    world.time.now += 5 * 60_000;
  }
  world.time.now += 24 * HOUR;
  for (let last = 0; last < 3; last++) recovered += (await poll()).accepted;
  await process();

  const [subscription] = (await poll()).subscriptions ?? [];
  const writtenOff = subscription?.writtenOff ?? [];
  const expected = new Set([...runs.keys()].map((key) => Number(key.slice(ID.length + 1))));
  const flaws = [...runs]
    .filter(([, times]) => times !== 1)
    .map(([key, times]) => `${key} was processed ${times} times`);
  for (const { number } of server.events) {
    const isNamed = writtenOff.some(({ from, to }) => number >= Number(from) && number <= Number(to));
    if (!expected.has(number) && !isNamed) flaws.push(`${number} was not processed, and is named nowhere`);
    if (!expected.has(number) && !forgotten.has(number))
      flaws.push(`${number} was not processed, and the server has it`);
  }
  if (subscription?.contiguous !== String(events)) flaws.push(`contiguous up to ${String(subscription?.contiguous)}`);
  if (world.quarantine.events.length > 0) flaws.push(`${world.quarantine.events.length} events are in quarantine`);
  return {
    counts: { happened: events, delivered, recovered, processed: runs.size, writtenOff: forgotten.size },
    writtenOff: writtenOff.map(({ from, to }) => (from === to ? from : `${from}–${to}`)),
    flaws,
  };
}

/** The server has forgotten an event for good. */
function hide(server: ReturnType<ReturnType<typeof setUpPoll>['fhir']['subscription']>, number: number): void {
  const history = server.history.bind(server);
  server.history = (from, to) => history(from, to).filter((event) => event.number !== number);
}
