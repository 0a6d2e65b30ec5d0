import type { Mutation } from './mutation.ts';

/** The code that takes no captured delivery for a new event: under other ids and types, and under a proof that serves once. */
export const CAPTURING: readonly Mutation[] = [
  {
    name: 'an id that nobody signs names an event',
    file: 'lambdas/core/accept.ts',
    from: 'received.unsignedId ? await bound(received, ports.ledger)',
    to: 'received.unsignedId === null ? await bound(received, ports.ledger)',
    scenario: 'under a fresh id',
  },
  {
    name: 'a body is bound to the id that comes last',
    file: 'lambdas/adapters/bound-bodies.ts',
    from: 'if_not_exists(boundKey, :own)',
    to: ':own',
    scenario: 'under a fresh id',
  },
  {
    name: 'a body is bound, and its event keeps its own id',
    file: 'lambdas/core/accept.ts',
    from: 'return { ...rest, ...key, ...(quarantine &&',
    to: 'return { ...event, ...(quarantine &&',
    scenario: "under another's id",
  },
  {
    name: 'a binding that is read and then written',
    file: 'lambdas/adapters/bound-bodies.ts',
    from: '  for (let tries = 0; tries < TRIES; tries++) {\n    const update',
    to: `  const found = await boundKey({ table, dynamo, now }, event);
  if (found) return found;
  await dynamo.send(new PutItemCommand({ TableName: table, Item: { ...at, boundKey: own, [LEDGER.ttl]: expiresAt } }));
  if (at) return decodeKey(own.S);
  for (let tries = 0; tries < TRIES; tries++) {
    const update`,
    scenario: 'under a fresh id',
    bounds: { faults: 0, delays: 0, switches: 1 },
  },
  {
    name: 'a body is forgotten before the event that it is bound to',
    file: 'lambdas/adapters/bound-bodies.ts',
    from: 'now + 2 * windowSeconds',
    to: 'now + windowSeconds',
    scenario: 'captured, and late',
  },
  {
    name: 'a copy without the id has the event wait for a person',
    file: 'lambdas/core/accept.ts',
    from: "quarantine && quarantine !== 'no_event_id' &&",
    to: 'quarantine &&',
    scenario: 'its id left out',
    bounds: { faults: 1, delays: 0, switches: 0 },
  },
  {
    name: 'a copy released although its body has come with an id',
    file: 'cli/ops/quarantine/bound.ts',
    from: 'encodeKey(bound) === encodeKey(event) ? undefined : bound.key',
    to: 'encodeKey(bound) === encodeKey(event) || bound.key ? undefined : bound.key',
    scenario: 'released without its id',
  },
  {
    name: 'another type of a body is taken for a duplicate',
    file: 'lambdas/core/accept.ts',
    from: 'if (!isTypeUnsigned || !isOtherType) return undefined;',
    to: 'if (!isTypeUnsigned || isOtherType) return undefined;',
    scenario: 'under two types',
  },
  {
    name: 'another type of a body is another event',
    file: 'lambdas/core/accept.ts',
    from: "quarantine: 'conflict',",
    to: "...(event.unsignedId !== true && event.proof !== '' && event.evidence.headers['x-hub-signature-256'] === undefined && { quarantine: 'conflict' as const }),",
    scenario: 'under two types',
  },
  {
    name: 'all other types of a body are one conflict',
    file: 'lambdas/core/accept.ts',
    from: "known.deliveries < MANY_DELIVERIES ? event.type : ''",
    to: "known.deliveries < 0 ? event.type : ''",
    scenario: 'types made up',
  },
  {
    name: 'a proof serves for any number of events',
    file: 'lambdas/core/receive/identify.ts',
    from: '...(proof !== undefined && { proof:',
    to: "...(proof === '' && { proof:",
    scenario: 'under one proof',
  },
  {
    name: 'a proof in headers of which nobody asks whether it is used once',
    file: 'lambdas/providers/mercado-pago.ts',
    from: '  usedOnce({ url, headers }) {',
    to: '  usedTwice({ url, headers }) {',
    scenario: 'a proof in headers',
  },
  {
    name: 'the event under a used proof keeps its own id',
    file: 'lambdas/core/accept.ts',
    from: '...(fingerprint !== undefined && { fingerprint }), ...key };',
    to: '...(fingerprint !== undefined && { fingerprint }), ...(keyKind && { keyKind }) };',
    scenario: 'a proof used up',
  },
  {
    name: 'a proof is bound to its body, and not to the first event under it',
    file: 'lambdas/core/accept.ts',
    from: 'bodyHash: proof });',
    to: 'bodyHash: proof + rest.bodyHash });',
    scenario: 'a proof used up',
  },
  {
    name: 'a retry that is signed again is taken for another event',
    file: 'lambdas/core/accept.ts',
    from: '...(fingerprint !== undefined && { fingerprint }), ...key };',
    to: '...key };',
    scenario: 'signed again',
  },
];
