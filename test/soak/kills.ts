/** `npm run kills`: a load while functions are killed at random, and the gateway is ended and started again on its data. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { isTarget } from '../../lambdas/core/target.ts';
import { lanesOf } from '../../lib/config/lanes.ts';
import { pascalCase } from '../../lib/config/stack-names.ts';
import { localSecret } from '../../cli/local-gateway.ts';
import { isRight } from './account.ts';
import type { Excuse } from './account.ts';
import { downtimeOf } from './doom.ts';
import { FailingSource } from './failing.ts';
import { Forwarding } from './forwarding.ts';
import { GatewayProcess } from './gateway-process.ts';
import { load } from './load.ts';
import { numberFrom, seeded } from './random.ts';
import { Receiver } from './receiver.ts';
import { accountTable } from './report.ts';
import { accountFor, settle } from './settle.ts';
import { RECEIVER, soakConfig } from './settings.ts';
import { URL_TARGET } from './targets.ts';

const EVENTS = numberFrom('EVENTS', 3_000);
const SEED = numberFrom('SEED', Date.now() % 1_000_000);
const PER_SECOND = 40;
/** Deliveries under way at once: a kill ends as many processes of a function, and each takes its time to start again. */
const CONCURRENCY = 8;
/** Milliseconds between two kills, on average. */
const KILL_EVERY_MS = 1_000;
/** How the gateway ends, in turn: as Ctrl-C ends it, or as a machine does. */
const ENDS = ['kill', 'stop', 'kill', 'kill'] as const;

const random = seeded(SEED);
const interrupted = new Set<string>();
const killedAt: number[] = [];
let crashes = 0;
const directory = await mkdtemp(join(tmpdir(), 'hookgate-kills-'));
const receiver = new Receiver(URL_TARGET);
const forwarding = new Forwarding(receiver);
const gateway = new GatewayProcess({
  dataDirectory: directory,
  onMessage(message) {
    if (message.kind === 'crashed') crashes++;
    // A machine that is too slow for a function's time-out ends it too.
    if (message.kind === 'crashed' || message.kind === 'unanswered')
      for (const key of message.keys) interrupted.add(key);
  },
});

/**
 * A batch that was under way when its function was killed may be handled again; so may an event that was published when the
 * gateway was killed, and not marked yet.
 */
const isExcused: Excuse = ({ id, published: [first = 0], processedAt = Infinity }) =>
  interrupted.has(id) || killedAt.some((at) => first <= at && at <= processedAt);

async function killFunctions(names: readonly string[], signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await sleep(KILL_EVERY_MS * 2 * random());
    const name = names[Math.floor(random() * names.length)] ?? '';
    gateway.crash(pascalCase(name) + (random() < 0.5 && !isTarget(name) ? 'Verifier' : 'Processor'));
  }
}

/** Ends the gateway at even parts of the load, by what has been sent. */
async function endGateway(sentSoFar: () => number, signal: AbortSignal): Promise<void> {
  for (const [index, how] of ENDS.entries()) {
    const due = (EVENTS * (index + 1)) / (ENDS.length + 1);
    while (sentSoFar() < due && !signal.aborted) await sleep(50);
    if (signal.aborted) return;
    await gateway.end(how);
    if (how === 'kill') killedAt.push(Date.now());
    console.log(`  the gateway was ended (${how}) and starts again`);
    await gateway.start();
  }
}

console.log(`kills: seed ${SEED}`);
try {
  process.env[RECEIVER] = await receiver.start();
  await gateway.start();
  const { sources } = soakConfig(gateway.addresses.fakeProviders);
  const done = new AbortController();
  const killing = killFunctions(
    lanesOf(sources).map(({ name }) => name),
    done.signal,
  );
  let sentSoFar = 0;
  const ending = endGateway(() => sentSoFar, done.signal);
  const secretOf = (source: string): string => localSecret(source, {});
  const way = { origin: gateway.addresses.url, secretOf, random };
  const down = downtimeOf(EVENTS, PER_SECOND, Date.now());
  receiver.failDuring(down);
  const sent = await load({
    ...{ ...way, events: EVENTS, perSecond: PER_SECOND, concurrency: CONCURRENCY, sources, down },
    onEvent: (count) => (sentSoFar = count),
    progress: (line) => console.log(`  ${line}, ${crashes} functions killed`),
  });
  await ending;
  done.abort();
  await killing;
  const failing = new FailingSource(sources, sent, way);
  forwarding.sent(sent);
  const dead = await settle(gateway, { failing, doomedAt: forwarding.doomedAt });
  const events = [...sent.events, ...failing.events];
  const account = await accountFor(gateway, events, failing.acknowledged, { excuse: isExcused, dead });
  console.log(accountTable('functions and gateway killed', account, sent));
  const isRightAtTargets = await forwarding.isRight(gateway.addresses, { ...sent, dead }, isExcused);
  console.log(
    `functions killed: ${crashes}, with ${interrupted.size} events under way; gateway killed: ${killedAt.length}`,
  );
  process.exitCode = isRight(account) && isRightAtTargets ? 0 : 1;
} finally {
  receiver.stop();
  await gateway.end('stop');
  await rm(directory, { recursive: true, force: true });
}
console.log(process.exitCode === 0 ? 'kills: lost 0, processed twice without a kill 0' : 'kills: FAILED');
