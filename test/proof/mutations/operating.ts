import type { Mutation } from './mutation.ts';

const DECIDED = "const decided = await decide(ops, event, 'release');";
const REFUSED =
  "if (decided === 'refused')\n      return { seen: { key, refusal: `${key} was dropped before, and stays so.` }, isDone: false };";
const SEND = 'await send(sqs, queueUrl, messageOf(event));';

/** Mutations of the operators' commands: release, drop, redrive, and order that an event is processed again. */
export const OPERATING: readonly Mutation[] = [
  {
    name: 'released before it is decided',
    file: 'cli/ops/quarantine/release.ts',
    from: `${DECIDED}\n    ${REFUSED}\n    if (decided === 'decided') ${SEND}`,
    to: `${SEND}\n    ${DECIDED}\n    ${REFUSED}`,
    scenario: 'release or drop',
    bounds: { faults: 0, delays: 0, switches: 1 },
  },
  {
    name: 'out of quarantine before it is in its queue',
    file: 'cli/ops/quarantine/release.ts',
    from: `if (decided === 'decided') ${SEND}`,
    to: `await (await import('../messages.ts')).remove(sqs, quarantineUrl, message);
    if (decided === 'decided') ${SEND}`,
    scenario: 'release',
  },
  {
    name: 'released although nothing was sent',
    file: 'cli/ops/quarantine/release.ts',
    from: SEND,
    to: SEND.replace(';', '.catch(() => undefined);'),
    scenario: 'release',
  },
  {
    name: 'a decision found again is taken for done',
    file: 'cli/ops/quarantine/decide.ts',
    from: "return record.status === 'PROCESSED' ? 'processed' : 'decided';",
    to: "return 'processed';",
    scenario: 'release',
  },
  {
    name: 'the ledger does not hear of a release',
    file: 'cli/ops/quarantine/decide.ts',
    from: "release: { status: 'QUEUED',",
    to: "release: { status: 'QUARANTINED',",
    scenario: 'release',
  },
  {
    name: 'a decision does not ask for the other one',
    file: 'cli/ops/quarantine/decide.ts',
    from: ' AND attribute_not_exists(${other})`',
    to: ' AND attribute_not_exists(${other}Never)`',
    scenario: 'release or drop',
  },
  {
    name: 'what was decided otherwise is taken for decided so',
    file: 'cli/ops/quarantine/decide.ts',
    from: "if (record[at] === undefined) return 'refused';",
    to: "if (record.status === undefined) return 'refused';",
    scenario: 'release or drop',
  },
  {
    name: 'dropped whatever the ledger says',
    file: 'cli/ops/quarantine/drop.ts',
    from: "(await decide(ops, event, 'drop')) === 'decided'",
    to: "(await decide(ops, event, 'drop')) !== undefined",
    scenario: 'release or drop',
  },
  {
    name: 'what is looked at is deleted',
    file: 'cli/ops/messages.ts',
    from: 'if (sight.isDone) {',
    to: 'if (sight.isDone || true) {',
    scenario: 'drop',
  },
  {
    name: 'a dead letter that was not sent is deleted',
    file: 'cli/ops/dead-letters/redrive.ts',
    from: 'await send(sqs, queueUrl, message.text);',
    to: 'await send(sqs, queueUrl, message.text).catch(() => undefined);',
    scenario: 'dead letters',
  },
  {
    name: 'a replay without its order',
    file: 'cli/ops/reprocess/reprocess.ts',
    from: '{ ...whole.value, replay: order }',
    to: '{ ...whole.value, ...(order.id === undefined && { replay: order }) }',
    scenario: 'replay order',
  },
  {
    name: 'an order that was not sent counts as given',
    file: 'cli/ops/reprocess/reprocess.ts',
    from: 'await queue.send({ ...whole.value, replay: order });',
    to: 'await queue.send({ ...whole.value, replay: order }).catch(() => undefined);',
    scenario: 'replay order',
  },
  {
    name: 'an order is carried out as often as its message comes',
    file: 'lambdas/adapters/ledger-writes.ts',
    from: 'NOT contains(replayIds, :order)',
    to: 'NOT contains(replayIds, :quarantined)',
    scenario: 'replay order',
  },
  {
    name: 'the last order alone is remembered',
    file: 'lambdas/adapters/ledger-writes.ts',
    from: "${sets} ${END_LEASE}, tries ${order ? 'ADD replayIds :replayIds' : ''}`",
    to: "${sets}${order ? ', replayIds = :replayIds' : ''} ${END_LEASE}, tries`",
    scenario: 'two orders',
  },
  {
    name: 'an order whose event is taken is dropped',
    file: 'lambdas/adapters/ledger.ts',
    from: 'event.replay ? item?.replayIds?.SS?.includes(event.replay.id) : item',
    to: 'event.replay === null ? false : item',
    scenario: 'two orders',
  },
  {
    name: 'a mark that comes late gives free what another holds',
    file: 'lambdas/adapters/ledger-writes.ts',
    from: ' AND (${NOT_HELD} OR ${HELD_BY_OWNER})`,',
    to: '`,',
    scenario: 'late mark',
  },
];
