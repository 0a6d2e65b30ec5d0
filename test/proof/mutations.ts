/**
 * Seeded mistakes. Each is a replacement in the text of one of the product's own files, and breaks a promise in some schedule
 * of the scenario that it names: a proof that does not find it proves nothing. mutants.ts applies them.
 */
export interface Mutation {
  readonly name: string;
  /** Below `lambdas/`. */
  readonly file: string;
  /** What stands in the file exactly once, and what to put in its place. */
  readonly from: string;
  readonly to: string;
  /** The scenario in which it has to be caught. */
  readonly scenario: string;
}

export const MUTATIONS: readonly Mutation[] = [
  {
    name: 'mark before send',
    file: 'core/accept.ts',
    from: '  await queue.send(event);\n  observer.enqueued();\n',
    to: '  await ledger.markQueued(event);\n  await queue.send(event);\n  observer.enqueued();\n',
    scenario: 'one delivery',
  },
  {
    name: '200 on a failed send',
    file: 'core/accept.ts',
    from: '  await queue.send(event);\n',
    to: '  await queue.send(event).catch(() => undefined);\n',
    scenario: 'one delivery',
  },
  {
    name: '200 on a failed claim',
    file: 'core/receive.ts',
    from: "observer.unavailable('accept', errorName(error));\n    return UNAVAILABLE;",
    to: "observer.unavailable('accept', errorName(error));\n    return { status: 200 };",
    scenario: 'one delivery',
  },
  {
    name: 'duplicate of PENDING answered 200 without sending',
    file: 'core/accept.ts',
    from: "if (claim.known && claim.status !== 'PENDING') {",
    to: 'if (claim.known) {',
    scenario: 'one delivery',
  },
  {
    name: 'no expiry check',
    file: 'adapters/ledger-item.ts',
    from: 'OR #${LEDGER.ttl} >= :now`',
    to: 'OR #${LEDGER.ttl} >= :now OR #${LEDGER.ttl} < :now`',
    scenario: 'replay',
  },
  {
    name: 'an expired item is replaced without a look at whether it still is there',
    file: 'adapters/ledger-item.ts',
    from: 'OR ${LEDGER.ttl} < :now`',
    to: 'OR ${LEDGER.ttl} < :now OR ${LEDGER.ttl} >= :now`',
    scenario: 'after the window',
  },
  {
    name: 'an event is forgotten while it is processed',
    file: 'adapters/ledger-item.ts',
    from: '${LEDGER.ttl} = :expiresAt,',
    to: '${LEDGER.ttl} = if_not_exists(${LEDGER.ttl}, :expiresAt),',
    scenario: 'late dead letters',
  },
  {
    name: 'lease shorter than the handler',
    file: 'core/take.ts',
    from: 'clock() + leaseMs',
    to: 'clock() + leaseMs / 100',
    scenario: 'two deliveries',
  },
  {
    name: 'no lease',
    file: 'adapters/ledger-item.ts',
    from: 'AND (attribute_not_exists(leaseUntil) OR leaseUntil < :now OR leaseOwner = :owner)`',
    to: 'AND (attribute_not_exists(leaseUntil) OR leaseUntil < :now OR leaseUntil >= :now)`',
    scenario: 'two deliveries',
  },
  {
    name: 'one owner for a whole batch',
    file: 'core/process.ts',
    from: 'owner: `${ports.owner}:${place}`',
    to: 'owner: ports.owner',
    scenario: 'one delivery',
  },
  {
    name: 'a processed event is leased again',
    file: 'adapters/ledger-item.ts',
    from: "condition: 'attribute_not_exists(#status) OR #status IN (:pending, :queued)'",
    to: "condition: 'attribute_not_exists(#status) OR #status <> :pending OR #status <> :queued'",
    scenario: 'two deliveries',
  },
  {
    name: 'a copy whose event is taken is dropped',
    file: 'core/take.ts',
    from: "if (lease === 'busy') return refuse('busy');",
    to: "if (lease === 'busy') return ok(undefined);",
    scenario: 'dead letters',
  },
  {
    name: 'processed before the handler ran',
    file: 'core/process.ts',
    from: '  const results = await handleAll(',
    to: '  for (const { event } of taken) await ledger.markProcessed(event, { archivedIn });\n  const results = await handleAll(',
    scenario: 'one delivery',
  },
  {
    name: 'a failed handler counts as done',
    file: 'core/process.ts',
    from: "if (result?.status !== 'fulfilled') {",
    to: 'if (result === undefined) {',
    scenario: 'dead letters',
  },
  {
    name: 'a failed mark of a processed event counts as done',
    file: 'core/process.ts',
    from: 'await ledger.markProcessed(event, { archivedIn, replay: event.replay });',
    to: 'await ledger.markProcessed(event, { archivedIn }).catch(() => undefined);',
    scenario: 'one delivery',
  },
  {
    name: 'handled although the archive took nothing',
    file: 'core/process.ts',
    from: '(id, `archive_${errorName(error)}`);\n    return false;',
    to: '(id, `archive_${errorName(error)}`);\n    return true;',
    scenario: 'one delivery',
  },
  {
    name: 'a large body that was not stored is sent for all that',
    file: 'adapters/queue.ts',
    from: 'await bodies.put(event))',
    to: "await bodies.put(event).catch(() => 'nowhere'))",
    scenario: 'large body',
  },
  {
    name: 'a late mark turns the status back',
    file: 'adapters/ledger.ts',
    from: "ConditionExpression: '#status = :pending',",
    to: "ConditionExpression: '#status <> :to OR #status = :pending',",
    scenario: 'one delivery',
  },
  {
    name: 'conflict treated as a duplicate',
    file: 'core/accept.ts',
    from: 'known.bodyHash !== event.bodyHash &&',
    to: "known.bodyHash === '' &&",
    scenario: 'conflict',
  },
  {
    name: 'conflict acknowledged before it is in quarantine',
    file: 'core/accept.ts',
    from: '    await accept(asConflict(event), ports);\n',
    to: '    await accept(asConflict(event), ports).catch(() => undefined);\n',
    scenario: 'conflict',
  },
  {
    name: 'quarantine forgotten',
    file: 'core/accept.ts',
    from: 'return reason ? quarantine(',
    to: 'return reason && !reason ? quarantine(',
    scenario: 'quarantine',
  },
  {
    name: 'a missed event acknowledged although it is not queued',
    file: 'core/poll-entries.ts',
    from: "if (outcomes[index] === 'failed') allSafe = false;\n      else if (",
    to: "if (outcomes[index] === 'failed') allSafe = false;\n      if (",
    scenario: 'missed event',
  },
  {
    name: 'a missed event acknowledged before it is queued',
    file: 'core/poll-pages.ts',
    from: '    const allSafe = await secureAll(entries, run);',
    to: `    await run.ports.cursor.save(run.ports.owner, { reopenDue: true });
    await missed.acknowledging?.acknowledge(entries.map(({ acknowledgeId }) => acknowledgeId ?? ''), api);
    const allSafe = await secureAll(entries, run);`,
    scenario: 'missed event',
  },
  {
    name: 'events that were acknowledged make the circuit be forgotten',
    file: 'core/poll-acknowledge.ts',
    from: 'if (wereMissed && state.reopenDue !== true) await',
    to: 'if (wereMissed && state.reopenDue === false) await',
    scenario: 'missed event',
  },
  {
    name: 'what is delivered and what is listed are not brought together',
    file: 'core/reconcile.ts',
    from: 'event.reconcileKey !== undefined',
    to: 'event.reconcileKey === null',
    scenario: 'delivered and listed',
  },
  {
    name: 'signature not compared',
    file: 'core/verify.ts',
    from: 'a.length === b.length && timingSafeEqual(a, b)',
    to: 'a.length === b.length && timingSafeEqual(a, a)',
    scenario: 'forgery',
  },
  {
    name: 'a secret is promoted before the provider was told',
    file: 'core/rotate.ts',
    from: 'demand(await provider.setSecret(required(mine).value));',
    to: `await vault.makeCurrent(required(mine).versionId, current?.versionId);
      demand(await provider.setSecret(required(mine).value));`,
    scenario: 'rotation',
  },
  {
    name: 'a provider that refuses the secret is taken at its word for having it',
    file: 'core/rotate.ts',
    from: 'demand(await provider.setSecret(required(mine).value));',
    to: 'await provider.setSecret(required(mine).value);',
    scenario: 'rotation',
  },
  {
    name: 'the provider is told before the secret is stored',
    file: 'core/rotate.ts',
    from: 'if (!mine) await vault.putPending({ versionId: token, value: leftBehind(current, pending) ?? newSecret() });',
    to: `const value = leftBehind(current, pending) ?? newSecret();
      if (!mine) demand(await provider.setSecret(value));
      if (!mine) await vault.putPending({ versionId: token, value });`,
    scenario: 'rotation',
  },
  {
    name: 'a new secret in place of the one that the provider may have been told',
    file: 'core/rotate.ts',
    from: 'leftBehind(current, pending) ?? newSecret()',
    to: 'newSecret()',
    scenario: 'rotation',
  },
  {
    name: 'a new secret each time that the provider is told',
    file: 'core/rotate.ts',
    from: 'provider.setSecret(required(mine).value)',
    to: 'provider.setSecret(required(mine) && newSecret())',
    scenario: 'rotation',
  },
  {
    name: 'the provider is told at once',
    file: 'core/rotate.ts',
    from: 'return pause(SETTLE_MS);',
    to: 'return pause(1);',
    scenario: 'rotation',
  },
  {
    name: 'a rotation that is done is finished again',
    file: 'core/rotate.ts',
    from: 'if (!isDone) await vault.makeCurrent(',
    to: 'await vault.makeCurrent(',
    scenario: 'rotation',
  },
  {
    name: 'the rotation reads the secret without a label',
    file: 'adapters/secret-vault.ts',
    from: ', VersionStage: STAGE[label] }',
    to: ', ...(label !== undefined && {}) }',
    scenario: 'rotation',
  },
  {
    name: 'the verifier reads the secret without a label',
    file: 'adapters/secret-versions.ts',
    from: ', VersionStage: STAGE[label] }',
    to: ' }',
    scenario: 'rotation',
  },
  {
    name: 'the new secret takes the place of the old one as soon as it is stored',
    file: 'adapters/secret-vault.ts',
    from: 'VersionStages: [STAGE.pending],',
    to: 'VersionStages: [STAGE.pending, STAGE.current],',
    scenario: 'rotation',
  },
  {
    name: 'the versions are read side by side',
    file: 'adapters/secret-versions.ts',
    from: '  for (const label of LABELS) {\n    const version = await readVersion(client, secretArn, label, inTime);',
    to: `  const reads = USE.map((label) => readVersion(client, secretArn, label, inTime));
  for (const read of reads) read.catch(() => undefined);
  for (const read of reads) {
    const version = await read;`,
    scenario: 'in the rotation',
  },
  {
    name: 'a failed read counts as news of no other secret',
    file: 'adapters/secrets.ts',
    from: '      rereadAt = clock();\n      return readOnce();',
    to: '      rereadAt = clock();\n      return readOnce().catch(() => undefined);',
    scenario: 'rotation',
  },
  {
    name: 'a part of the versions stands for all',
    file: 'adapters/secret-versions.ts',
    from: 'await readVersion(client, secretArn, label, inTime);',
    to: 'await readVersion(client, secretArn, label, inTime).catch(() => undefined);',
    scenario: 'rotation',
  },
  {
    name: 'an unknown signature has nothing read anew',
    file: 'core/receive.ts',
    from: 'return fresh ? verify(claim.value, fresh) : verdict;',
    to: 'return fresh ? verdict : verdict;',
    scenario: 'rotation',
  },
];

/** Changes that break no promise: were one caught, the proof would cry wolf. */
export const HARMLESS: readonly Mutation[] = [
  {
    name: '503 on a failed mark: the event is queued once more, and the copy dropped',
    file: 'core/accept.ts',
    from: 'await ledger.markQueued(event).catch((error: unknown) => observer.markFailed(errorName(error)));',
    to: 'await ledger.markQueued(event);',
    scenario: 'one delivery',
  },
  {
    name: 'the pending label stays on the current version',
    file: 'core/rotate.ts',
    from: 'if (mine) await vault.dropPending(token);',
    to: 'if (mine && isDone) await vault.dropPending(token);',
    scenario: 'rotation',
  },
];
