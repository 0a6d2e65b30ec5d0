import type { Options } from './envelope.ts';
import type { ApiCall } from './missed-events.ts';
import type { Result } from './result.ts';

/** Why a provider did not take a secret: the answer's status, or what its content is not. */
export type RotationFault = `http_${number}` | 'not_json' | 'no_subscription';

/**
 * How a provider is told its signing secret with no person involved. Every call throws an HttpFault or a TokenFault where no
 * answer came: the provider may then sign with either secret, and both are accepted.
 */
export interface SecretRotation {
  /** Days between two rotations; undefined where the source's options do not turn them on. */
  everyDays(options: Options): number | undefined;
  /** Has the provider sign with this secret from now on. Again with the same secret it changes nothing. */
  setSecret(secret: string, api: ApiCall): Promise<Result<undefined, RotationFault>>;
  /** Whether the provider still has what it delivers by. It tells no secret, so that this is all that can be asked for. */
  check(api: ApiCall): Promise<Result<undefined, RotationFault>>;
}
