import { ReasonError } from '../errors.ts';
import { REREAD_MS } from '../ports.ts';
import type { Result } from '../result.ts';
import type { RotationFault } from '../secret-rotation.ts';
import { secretFlaw } from '../secret-value.ts';

/** Secrets Manager's four steps, in their order. */
export const ROTATION_STEPS = ['createSecret', 'setSecret', 'testSecret', 'finishSecret'] as const;
export type RotationStep = (typeof ROTATION_STEPS)[number];

/** A version of the secret that has a value. */
export interface VaultVersion {
  readonly versionId: string;
  readonly value: string;
}

/** The store of the secret. Every call rejects if the store does not answer. */
export interface SecretVault {
  read(label: 'current' | 'pending'): Promise<VaultVersion | undefined>;
  /** Stores a version as the pending one. Storing the same value again changes nothing. */
  putPending(version: VaultVersion): Promise<void>;
  /** Makes a version the current one, and the version that was current the previous one. */
  makeCurrent(versionId: string, from: string | undefined): Promise<void>;
  /** Takes the pending label off the version. */
  dropPending(versionId: string): Promise<void>;
}

export interface RotationPorts {
  readonly vault: SecretVault;
  /** The provider's side. */
  readonly provider: {
    setSecret(secret: string): Promise<Result<undefined, RotationFault>>;
    check(): Promise<Result<undefined, RotationFault>>;
  };
  /** A new random secret. */
  readonly newSecret: () => string;
  /** Waits for this many milliseconds. */
  readonly pause: (ms: number) => Promise<void>;
}

/**
 * Milliseconds until every verifier accepts a secret that was stored: a verifier that has just read the secret for a forged
 * delivery does not read it again at once. The rest is for a read that is under way.
 */
export const SETTLE_MS = REREAD_MS + 5_000;

/** Why a rotation stopped. The current secret is still in force, and a pending one still accepted. */
export class RotationError extends ReasonError<RotationFault | 'not_pending'> {
  override readonly name = 'RotationError';
}

/**
 * Does one step of a rotation to the version `token`. Each step looks at the state before it changes anything, so that it can
 * run again, after a crash at any point or long after it was done:
 *
 * ```
 *            pending   the provider signs with   current    accepted
 * create     new       old                       old        old, new
 * set        new       new                       old        old, new
 * finish     -         new                       new        new, old (previous, for its grace time)
 * ```
 *
 * Both secrets are accepted throughout, so it does not matter when exactly the provider changes over, nor whether the answer
 * to that call was lost. `create` ends when every verifier has had the time to learn of the new secret.
 */
export async function rotate(step: RotationStep, token: string, ports: RotationPorts): Promise<void> {
  const { vault, provider, newSecret, pause } = ports;
  const [current, pending] = [await vault.read('current'), await vault.read('pending')];
  const isDone = current?.versionId === token;
  const mine = pending?.versionId === token ? pending : undefined;

  switch (step) {
    case 'createSecret':
      if (isDone) return;
      // A rotation that was given up may have told the provider its secret: that secret is used again, not a further one.
      if (!mine) await vault.putPending({ versionId: token, value: leftBehind(current, pending) ?? newSecret() });
      // Also when the step runs again, because nobody knows how long ago the secret was stored.
      return pause(SETTLE_MS);
    case 'setSecret':
      if (isDone) return;
      demand(await provider.setSecret(required(mine).value));
      return;
    case 'testSecret':
      // When a schedule is new, Secrets Manager runs this step alone, with nothing pending.
      demand(await provider.check());
      return;
    case 'finishSecret':
      if (!isDone) await vault.makeCurrent(required(mine).versionId, current?.versionId);
      if (mine) await vault.dropPending(token);
  }
}

function leftBehind(current: VaultVersion | undefined, pending: VaultVersion | undefined): string | undefined {
  const isUsable = pending && pending.value !== current?.value && secretFlaw(pending.value) === undefined;
  return isUsable ? pending.value : undefined;
}

function required(pending: VaultVersion | undefined): VaultVersion {
  if (!pending) throw new RotationError('not_pending');
  return pending;
}

function demand(result: Result<undefined, RotationFault>): void {
  if (!result.ok) throw new RotationError(result.reason);
}
