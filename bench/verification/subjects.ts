import { SIZES_KB } from '../bodies.ts';
import { interleave } from '../measure.ts';
import type { Effort, Times } from '../measure.ts';
import { otherSubjects } from './others.ts';
import { ourSubjects } from './providers.ts';

export interface Request extends Effort {
  readonly provider: string;
}

/** The figures that were measured in one process, at one size. */
export interface Measured {
  readonly provider: string;
  readonly kilobytes: number;
  readonly times: Times;
  /** The libraries whose own scheme comes nearest to this provider's. */
  readonly libraries: readonly string[];
}

/** One provider alone, as in a verifier, with the libraries whose own scheme comes nearest. */
export async function measure({ provider, ...effort }: Request): Promise<Measured[]> {
  const measured: Measured[] = [];
  for (const kilobytes of SIZES_KB) {
    const now = new Date();
    const others = otherSubjects(kilobytes * 1000, now).filter(({ nearest }) => nearest === provider);
    const times = await interleave([...ourSubjects(provider, kilobytes * 1000, now), ...others], effort);
    measured.push({ provider, kilobytes, times, libraries: others.map(({ name }) => name) });
  }
  return measured;
}
