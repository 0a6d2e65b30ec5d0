import type { Mutation } from './mutation.ts';

/** The rotation of a secret, and the verifier in it. */
export const ROTATING: readonly Mutation[] = [
  {
    name: 'a secret is promoted before the provider was told',
    file: 'lambdas/core/rotate/rotate.ts',
    from: 'demand(await provider.setSecret(required(mine).value));',
    to: `await vault.makeCurrent(required(mine).versionId, current?.versionId);
      demand(await provider.setSecret(required(mine).value));`,
    scenario: 'rotation',
  },
  {
    name: 'a provider that refuses the secret is taken at its word for having it',
    file: 'lambdas/core/rotate/rotate.ts',
    from: 'demand(await provider.setSecret(required(mine).value));',
    to: 'await provider.setSecret(required(mine).value);',
    scenario: 'rotation',
  },
  {
    name: 'the provider is told before the secret is stored',
    file: 'lambdas/core/rotate/rotate.ts',
    from: 'if (!mine) await vault.putPending({ versionId: token, value: leftBehind(current, pending) ?? newSecret() });',
    to: `const value = leftBehind(current, pending) ?? newSecret();
      if (!mine) demand(await provider.setSecret(value));
      if (!mine) await vault.putPending({ versionId: token, value });`,
    scenario: 'rotation',
  },
  {
    name: 'a new secret in place of the one that the provider may have been told',
    file: 'lambdas/core/rotate/rotate.ts',
    from: 'leftBehind(current, pending) ?? newSecret()',
    to: 'newSecret()',
    scenario: 'rotation',
  },
  {
    name: 'a new secret each time that the provider is told',
    file: 'lambdas/core/rotate/rotate.ts',
    from: 'provider.setSecret(required(mine).value)',
    to: 'provider.setSecret(required(mine) && newSecret())',
    scenario: 'rotation',
  },
  {
    name: 'the provider is told at once',
    file: 'lambdas/core/rotate/rotate.ts',
    from: 'return pause(SETTLE_MS);',
    to: 'return pause(1);',
    scenario: 'rotation',
  },
  {
    name: 'a rotation that is done is finished again',
    file: 'lambdas/core/rotate/rotate.ts',
    from: 'if (!isDone) await vault.makeCurrent(',
    to: 'await vault.makeCurrent(',
    scenario: 'rotation',
  },
  {
    name: 'the rotation reads the secret without a label',
    file: 'lambdas/adapters/secret-vault.ts',
    from: ', VersionStage: STAGE[label] }',
    to: ', ...(label !== undefined && {}) }',
    scenario: 'rotation',
  },
  {
    name: 'the verifier reads the secret without a label',
    file: 'lambdas/adapters/secret-versions.ts',
    from: ', VersionStage: STAGE[label] }',
    to: ' }',
    scenario: 'rotation',
  },
  {
    name: 'the new secret takes the place of the old one as soon as it is stored',
    file: 'lambdas/adapters/secret-vault.ts',
    from: 'VersionStages: [STAGE.pending],',
    to: 'VersionStages: [STAGE.pending, STAGE.current],',
    scenario: 'rotation',
  },
  {
    name: 'the versions are read side by side',
    file: 'lambdas/adapters/secret-versions.ts',
    from: '  for (const label of READ_ORDER) {\n    const version = await readVersion(client, secretArn, label, inTime);',
    to: `  const reads = VERIFY_ORDER.map((label) => readVersion(client, secretArn, label, inTime));
  for (const read of reads) read.catch(() => undefined);
  for (const read of reads) {
    const version = await read;`,
    scenario: 'in the rotation',
  },
  {
    name: 'a failed read counts as news of no other secret',
    file: 'lambdas/adapters/secrets.ts',
    from: '      rereadAt = clock();\n      return readOnce();',
    to: '      rereadAt = clock();\n      return readOnce().catch(() => undefined);',
    scenario: 'rotation',
  },
  {
    name: 'a part of the versions stands for all',
    file: 'lambdas/adapters/secret-versions.ts',
    from: 'await readVersion(client, secretArn, label, inTime);',
    to: 'await readVersion(client, secretArn, label, inTime).catch(() => undefined);',
    scenario: 'rotation',
  },
  {
    name: 'an unknown signature has nothing read again',
    file: 'lambdas/core/receive/authenticate.ts',
    from: 'const secret = fresh && (await check(signature.value, fresh, keys));',
    to: 'const secret = fresh && found;',
    scenario: 'rotation',
  },
];
