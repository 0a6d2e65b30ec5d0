import { EACH, eachLine, eachOf } from '../core/batch.ts';
import type { ItemReader } from '../core/batch.ts';
import { JSON_LINES, JSON_VALUE } from '../core/content.ts';
import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { parseIsoTime } from '../core/schemes/time.ts';
import { token } from '../core/schemes/token.ts';

/**
 * Auth0's log streams, by its page "Custom Log Streams Using Webhooks": one log per line, or an array of them. Nothing is signed:
 * the header `Authorization` is the text that was entered.
 */
export const auth0 = defineProvider({
  name: 'auth0',
  title: 'Auth0',
  documents: {
    source: 'https://auth0.com/docs/customize/log-streams/custom-log-streams',
    confidence: 'confirmed',
  },
  methods: ['POST'],
  scheme: token({ in: { header: 'authorization' } }),
  secret: { madeBy: 'customer' },
  identity: 'body',
  content: [JSON_LINES, JSON_VALUE],
  batches: true,
  rejectionStatus: 401,
  retryHorizonSeconds: 0,
  options: {},

  readEvents: (received) => (Array.isArray(received.value) ? readArray(received) : readLines(received)),

  sample: ({ id, now, type = 's' }) =>
    `${JSON.stringify({
      log_id: id,
      data: {
        log_id: id,
        date: now.toISOString(),
        type,
        description: 'naïve ☕',
        user_id: 'auth0|5457edea1b8f33391a0',
      },
    })}\n`,
});

const readLog: ItemReader = ({ log_id, data }) => {
  const { type, date } = isObject(data) ? data : {};
  return { key: readId(log_id), type: readText(type), time: parseIsoTime(date) };
};
const readLines = eachLine(readLog);
const readArray = eachOf([EACH], readLog);
