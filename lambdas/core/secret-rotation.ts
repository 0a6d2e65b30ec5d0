import type { Options } from './envelope.ts';
import type { ApiCall } from './missed-events.ts';
import type { Result } from './result.ts';

/** Why a provider did not take a secret: the answer's status, or what is wrong with its content. */
export type RotationFault = `http_${number}` | 'not_json' | 'no_subscription';

/**
 * How a provider is told its signing secret with no person involved. Every call throws an HttpFault or a TokenFault if no
 * answer came: the provider may then sign with either secret, and both are accepted.
 */
export interface SecretRotation {
  /** Days between two rotations; undefined if the source's options do not turn them on. */
  everyDays(options: Options): number | undefined;
  /** Has the provider sign with this secret from now on. Calling again with the same secret changes nothing. */
  setSecret(secret: string, api: ApiCall): Promise<Result<undefined, RotationFault>>;
  /** Checks that the provider still has its subscription. The provider shows no secret, so nothing more can be checked. */
  check(api: ApiCall): Promise<Result<undefined, RotationFault>>;
}
