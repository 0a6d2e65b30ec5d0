import { z } from 'zod';
import type { Ordering } from '../../lambdas/core/line.ts';
import type { Provider } from '../../lambdas/core/provider.ts';
import { flag, section } from './checks.ts';

/** How the events of a source are ordered, as the configuration says it. */
export type OrderConfig = Omit<Ordering, 'lines'>;

const PATH_RULE =
  'must be the path of a field in the event\'s JSON, its names separated by dots, such as "data.patientId"';
/** Characters of the longest path: it is in the environment of functions, which holds 4 KB in all. */
const MAX_PATH_LENGTH = 200;

const path = z
  .string({ error: PATH_RULE })
  .refine(isPath, { error: ({ input }) => [PATH_RULE, hintFor(input)].join('') });

/** Whether a text is a path: one in the words of JSONPath or of a JSON pointer would lead to no field, and order nothing. */
function isPath(value: string): boolean {
  const names = value.split('.');
  const isForeign = ['$', '@'].includes(names[0] ?? '') || names.includes('*') || value.startsWith('/');
  return value.length <= MAX_PATH_LENGTH && !isForeign && names.every((name) => /^[^\s[\]]+$/.test(name));
}

/** The path that was meant by one in the words of JSONPath (`$.data[0].id`) or of a JSON pointer (`/data/0/id`), if one was. */
function hintFor(value: unknown): string {
  if (typeof value !== 'string') return '';
  const dotted = value.startsWith('/')
    ? value.slice(1).replaceAll('/', '.')
    : value
        .replace(/^[$@]/, '')
        .replaceAll(/\[(['"]?)([^\][]*)\1\]/g, '.$2')
        .replace(/^\./, '');
  return isPath(dotted) ? `; did you mean "${dotted}"?` : '';
}

/** By what the events of a source are ordered, and whether only the newest are handled. */
export const orderSchema = section({ by: path, newestOnly: flag.default(false) });

/** Whether a provider's events can be JSON at all: else they have no field to order them by. */
export const sendsJson = ({ content }: Provider): boolean =>
  content === undefined || content.some(({ name }) => name.includes('JSON'));
