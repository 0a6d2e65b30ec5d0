import { PRICES } from '../../cli/cost/prices.ts';
import type { Price } from '../../cli/cost/prices.ts';
import type { Calls } from './count.ts';

/** The breaker's item, which each container reads once in five seconds at most: too little for a row of `npm run cost`. */
const TABLE_READ: Price = {
  dollars: 0.125,
  per: 1_000_000,
  unit: 'read units of 4 KB',
  page: 'https://aws.amazon.com/dynamodb/pricing/on-demand/',
};

/** The price of each call; items here are below 1 KB, messages and events below 64 KB. */
const CHARGED: Readonly<Record<string, Price>> = {
  'dynamodb UpdateItem': PRICES.tableWrite,
  'dynamodb PutItem': PRICES.tableWrite,
  'dynamodb GetItem': TABLE_READ,
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
