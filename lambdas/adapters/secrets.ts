import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { errorName } from '../core/errors.ts';
import { REREAD_MS } from '../core/ports.ts';
import type { Clock, Secrets } from '../core/ports.ts';
import type { Observer } from '../core/observer.ts';
import { UndecidedError } from '../core/receive/undecided.ts';
import type { Secret } from '../core/verdict.ts';
import { readVersions } from './secret-versions.ts';
import { traced } from './trace.ts';

/** Milliseconds for which the versions are served without asking again. */
const FRESH_MS = 5 * 60_000;
/** Milliseconds between two tries if there is nothing to serve: a flood must not become a flood of failing calls. */
const RETRY_EMPTY_MS = 1_000;
/** Milliseconds for which the versions are served if they cannot be read again. */
const STALE_MS = 24 * 60 * 60_000;

/**
 * A read must fail well before the verifier's own time-out, so that the cached versions are served in time: two tries of 1.5 s,
 * and 3 s for all three versions.
 */
const BOUNDS = {
  maxAttempts: 2,
  requestHandler: { connectionTimeout: 1_000, requestTimeout: 1_500, throwOnRequestTimeout: true },
} as const;

export interface SecretSettings {
  readonly secretArn: string;
  /** Milliseconds for which the previous version is accepted, from the making of the current one. */
  readonly previousGraceMs: number;
  readonly clock: Clock;
  readonly observer: Pick<Observer, 'secretReadFailed' | 'secretRefused'>;
  readonly client?: SecretsManagerClient;
  /** Whether a value is written as the source's provider writes secrets. Default: every value is. */
  readonly isWellShaped?: (value: string) => boolean;
}

interface Cache {
  readonly versions: readonly Secret[];
  /** Past this time the previous version is no longer served. */
  readonly previousUntil: number;
  readonly readAt: number;
}

/**
 * The accepted versions of a signing secret in Secrets Manager, cached in this container. They are fresh for 5 minutes, re-read
 * for an unknown signature at most once in 15 seconds, and served for up to 24 hours if Secrets Manager does not answer.
 */
export function cachedSecrets(settings: SecretSettings): Secrets {
  const { secretArn, previousGraceMs, clock, observer, client, isWellShaped = () => true } = settings;
  let manager: SecretsManagerClient | undefined = client;
  let cache: Cache | undefined;
  let reading: Promise<readonly Secret[]> | undefined;
  let rereadAt = -Infinity;
  /** Whether a version has ever been seen: a secret that has lost its versions is another matter than one without any yet. */
  let isStored = false;
  let failure: { readonly error: unknown; readonly at: number } | undefined;

  const load = async (): Promise<readonly Secret[]> => {
    manager ??= traced(new SecretsManagerClient(BOUNDS), 'SecretsManager');
    const { usable, currentSince, refused } = await readVersions(manager, secretArn);
    isStored ||= usable.length + refused.length > 0;
    for (const { label, flaw } of refused) observer.secretRefused(secretArn, label, flaw);
    // It is served all the same: a delivery that it does not match must be answered 503, and not be refused for good.
    for (const { label, value } of usable)
      if (!isWellShaped(value)) observer.secretRefused(secretArn, label, 'wrong_shape');
    // Without a current version nobody knows since when the previous version is out of use: it is not accepted.
    const previousUntil = (currentSince ?? -Infinity) + previousGraceMs;
    cache = { versions: usable, previousUntil, readAt: clock() };
    failure = undefined;
    const versions = accepted(cache);
    if (versions.length === 0) throw isStored ? new NoSecretError() : new UndecidedError('no_secret');
    return versions;
  };

  /** The versions that are accepted now. */
  const accepted = ({ versions, previousUntil }: Cache): readonly Secret[] =>
    versions.filter(({ label }) => label !== 'previous' || clock() < previousUntil);

  /** Requests that wait for the same read share it. */
  const readOnce = (): Promise<readonly Secret[]> => {
    reading ??= load()
      .catch((error: unknown) => {
        failure = { error, at: clock() };
        if (!isWithoutSecret(error)) observer.secretReadFailed(errorName(error));
        throw error;
      })
      .finally(() => (reading = undefined));
    return reading;
  };

  /** The cached versions, for as long as they may stand in for a read. */
  const fallback = (): readonly Secret[] | undefined => {
    const versions = cache && clock() - cache.readAt < STALE_MS ? accepted(cache) : [];
    return versions.length > 0 ? versions : undefined;
  };

  return {
    async read() {
      const held = fallback();
      if (held && cache && clock() - cache.readAt < FRESH_MS) return held;
      if (failure && clock() - failure.at < (held ? REREAD_MS : RETRY_EMPTY_MS)) {
        if (held) return held;
        throw failure.error;
      }
      try {
        return await readOnce();
      } catch (error) {
        const versions = fallback();
        if (versions) return versions;
        throw error;
      }
    },

    async reread(seen) {
      const held = fallback();
      // Another request has read them since.
      if (held?.some((version) => !seen.includes(version))) return held;
      if (!reading && clock() - rereadAt < REREAD_MS) {
        // Nobody knows whether there is a newer version.
        if (failure) throw failure.error;
        return undefined;
      }
      rereadAt = clock();
      return readOnce();
    },
  };
}

/** No version of the secret can be verified with: nothing but a placeholder was stored, or the versions are gone. */
class NoSecretError extends Error {
  override readonly name = 'NoSecretError';
}

const isWithoutSecret = (error: unknown): boolean => error instanceof NoSecretError || error instanceof UndecidedError;
