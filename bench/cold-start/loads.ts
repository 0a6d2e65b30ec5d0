import type { Spread } from '../measure.ts';

/** Size and load time of one bundle. */
export interface Load {
  readonly name: string;
  readonly bytes: number;
  readonly allBytes: number;
  readonly milliseconds: Spread;
  readonly processorMs: Spread;
  /** Times the bare clients that the function needs: of size, elapsed time and processor time. */
  readonly ratios?: { readonly bytes: number; readonly milliseconds: Spread; readonly processorMs: Spread };
}
