import { ACCEPTING } from './mutations/accepting.ts';
import { CAPTURING } from './mutations/capturing.ts';
import type { Mutation } from './mutations/mutation.ts';
import { OPERATING } from './mutations/operating.ts';
import { ORDERING } from './mutations/ordering.ts';
import { PAUSING } from './mutations/pausing.ts';
import { POLLING } from './mutations/polling.ts';
import { PROCESSING } from './mutations/processing.ts';
import { REPAIRING } from './mutations/repairing.ts';
import { ROTATING } from './mutations/rotating.ts';
import { HANDING_OVER } from './mutations/handing-over.ts';
import { SPLITTING } from './mutations/splitting.ts';

export { HARMLESS } from './mutations/harmless.ts';
export type { Mutation };

/** The seeded mistakes, each of which has to be caught. */
export const MUTATIONS: readonly Mutation[] = [
  ...ACCEPTING,
  ...CAPTURING,
  ...SPLITTING,
  ...HANDING_OVER,
  ...PROCESSING,
  ...PAUSING,
  ...REPAIRING,
  ...ORDERING,
  ...POLLING,
  ...ROTATING,
  ...OPERATING,
];
