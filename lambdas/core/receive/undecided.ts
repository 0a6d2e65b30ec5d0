import { ReasonError } from '../errors.ts';

/**
 * Why it is not known whether a delivery is authentic, although nothing has failed. `keys_busy`: more keys are asked for than are
 * fetched at a time. `no_secret`: nobody has stored the source's secret yet.
 */
export type UndecidedReason = 'keys_busy' | 'no_secret';

/**
 * It is not known whether a delivery is authentic, and a stranger can have it so at will. The delivery is answered 503 like any that
 * cannot be judged, and is not counted as an outage: nobody must be paged by a request that anybody can make.
 */
export class UndecidedError extends ReasonError<UndecidedReason> {
  override readonly name = 'UndecidedError';
}
