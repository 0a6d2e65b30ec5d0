import { PRICES } from '../../cli/cost/prices.ts';
import type { Price } from '../../cli/cost/prices.ts';
import type { Calls } from './count.ts';

/** The price of each call; items here are below 1 KB, messages and events below 64 KB. */
const CHARGED: Readonly<Record<string, Price>> = {
  'dynamodb UpdateItem': PRICES.tableWrite,
  'dynamodb PutItem': PRICES.tableWrite,
  'sqs SendMessage': PRICES.queueRequest,
  'events PutEvents': PRICES.busEvent,
  's3 PutObject': PRICES.bucketPut,
  'secretsmanager GetSecretValue': PRICES.secretRequest,
};

/** Each event that a call publishes is charged by itself. */
const CHARGED_BY_EVENT = 'events PutEvents';

/** Dollars for the calls of a million events, if these calls were made for so many. */
export const priceOf = (calls: Calls, events: number): number =>
  Object.entries(calls).reduce((sum, [name, count]) => {
    const price = CHARGED[name];
    if (!price) throw new Error(`what does ${name} cost?`);
    const each = name === CHARGED_BY_EVENT ? 1 : count / events;
    return sum + (each * 1_000_000 * price.dollars) / price.per;
  }, 0);
