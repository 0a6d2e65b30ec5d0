import type { Ordering } from '../../lambdas/core/line.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import { flag, section, text } from './checks.ts';

/** How the events of a source are ordered, as the configuration says it. */
export type OrderConfig = Omit<Ordering, 'lines'>;

const PATH_RULE =
  'must be the path of a field in the event\'s JSON, its names separated by dots, such as "data.patientId"';
/** Characters of the longest path: it is in the environment of functions, which holds 4 KB in all. */
const MAX_PATH_LENGTH = 200;

const path = text(/^[^.\s]+(\.[^.\s]+)*$/, PATH_RULE).max(MAX_PATH_LENGTH, { error: PATH_RULE });

/** By what the events of a source are ordered, and whether only the newest are handled. */
export const orderSchema = section({ by: path, newestOnly: flag.default(false) });

/** Whether a provider's events can be JSON at all: else they have no field to order them by. */
export const sendsJson = ({ content }: Provider): boolean =>
  content === undefined || content.some(({ name }) => name.includes('JSON'));
