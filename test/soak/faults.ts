/** `npm run faults`: a load on the real bundles while every AWS call may fail, and the account of every id. */
import type { AwsCall } from '../../local/call-log.ts';
import { localSecret } from '../../cli/local-gateway.ts';
import { isRight } from './account.ts';
import type { Account, Excuse } from './account.ts';
import { downtimeOf } from './doom.ts';
import { FailingSource } from './failing.ts';
import { PROMISED, UNPROMISED } from './fault-rules.ts';
import type { FaultRule } from '../../local/faults.ts';
import { Forwarding } from './forwarding.ts';
import { GatewayProcess } from './gateway-process.ts';
import { fault } from './inspection.ts';
import { load } from './load.ts';
import { numberFrom, seeded } from './random.ts';
import { Receiver } from './receiver.ts';
import { accountTable } from './report.ts';
import { accountFor, settle } from './settle.ts';
import { RECEIVER, soakConfig, UNRULY } from './settings.ts';
import { URL_TARGET } from './targets.ts';

const EVENTS = numberFrom('EVENTS', 3_000);
/** New events a second. */
const PER_SECOND = 60;
const SEED = numberFrom('SEED', Date.now() % 1_000_000);
const random = seeded(SEED);
const met: AwsCall[] = [];
const receiver = new Receiver(URL_TARGET);
const forwarding = new Forwarding(receiver);
const gateway = new GatewayProcess({ onMessage: (message) => message.kind === 'met' && met.push(message.call) });

/** The dead letters of the runs so far. */
let left: ReadonlySet<string> = new Set();

/** The account of a load, and whether those of the targets are right. */
interface Outcome {
  readonly account: Account;
  readonly isRightAtTargets: boolean;
}

async function run(name: string, count: number, rules: readonly FaultRule[], excuse?: Excuse): Promise<Outcome> {
  const { url, fakeProviders } = gateway.addresses;
  const { sources } = soakConfig(fakeProviders);
  met.length = 0;
  for (const rule of rules) await fault(gateway.addresses, 'POST', rule);
  const secretOf = (source: string): string => localSecret(source, {});
  const down = downtimeOf(count, PER_SECOND, Date.now());
  receiver.failDuring(down);
  const sent = await load({
    ...{ events: count, perSecond: PER_SECOND, concurrency: 12, origin: url, sources, random, secretOf, down },
    progress: (line) => console.log(`  ${line}, ${met.length} faults met`),
  });
  // A queued event is processed under the same faults; only the account is made without.
  const failing = new FailingSource(sources, sent, { origin: url, secretOf, random }, left);
  // An operator's look, too, is made without.
  forwarding.sent(sent);
  const beforeLook = (): Promise<void> => fault(gateway.addresses, 'DELETE');
  const dead = await settle(gateway, { failing, doomedAt: forwarding.doomedAt, beforeLook });
  left = dead;
  await fault(gateway.addresses, 'DELETE');
  const events = [...sent.events, ...failing.events];
  const account = await accountFor(gateway, events, failing.acknowledged, { excuse, dead });
  console.log(accountTable(name, account, sent));
  const isRightAtTargets = await forwarding.isRight(gateway.addresses, { ...sent, dead }, excuse);
  console.log(`faults met: ${met.length} (${countBy(met)})`);
  return { account, isRightAtTargets };
}

const countBy = (calls: readonly AwsCall[]): string =>
  Object.entries(
    Object.groupBy(
      calls,
      ({ action, fault: kind, tookEffect }) => `${action} ${kind ?? ''}${tookEffect ? ', done' : ''}`,
    ),
  )
    .map(([kind, of = []]) => `${kind}: ${of.length}`)
    .sort()
    .join('; ');

/** A PutEvents whose answer was lost is made again by the SDK; an event whose mark failed is taken again. */
const isExcused: Excuse = ({ id }) =>
  met.some(
    ({ action, function: caller = '', tookEffect, keys = [] }) =>
      keys.includes(id) && (action === 'PutEvents' ? tookEffect : caller.endsWith('Processor')),
  );

console.log(`faults: seed ${SEED}`);
try {
  process.env[RECEIVER] = await receiver.start();
  await gateway.start();
  const promised = await run('faults under which both promises hold', EVENTS, PROMISED);
  const unpromised = await run('answers of effects and marks lost', Math.ceil(EVENTS / 3), UNPROMISED, isExcused);
  // Of the sources that publish, none may be excused: only the unruly handler is ended after its effect.
  const doubled = promised.account.excused.filter((id) => !id.startsWith(`${UNRULY}#`));
  const isStrict = doubled.length === 0;
  if (!isStrict) console.log(`processed twice without a fault that allows it: ${doubled.join(', ')}`);
  const isEachRight = [promised, unpromised].every(({ account, isRightAtTargets: is }) => isRight(account) && is);
  process.exitCode = isEachRight && isStrict ? 0 : 1;
} finally {
  receiver.stop();
  await gateway.end('stop');
}
console.log(process.exitCode === 0 ? 'faults: lost 0, processed twice 0' : 'faults: FAILED');
