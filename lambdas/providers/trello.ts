import { isObject } from '../core/json.ts';
import { defineProvider } from '../core/provider.ts';
import { readId, readText } from '../core/schemes/fields.ts';
import { hmac } from '../core/schemes/hmac.ts';
import { parseIsoTime } from '../core/schemes/time.ts';

/**
 * Trello: `X-Trello-Webhook`, base64 of the HMAC-SHA-1 of the raw body and the callback URL, with nothing between them, and
 * with the app's secret. Trello asks by HEAD whether the URL is there.
 */
export const trello = defineProvider({
  name: 'trello',
  title: 'Trello',
  documents: {
    source: 'https://developer.atlassian.com/cloud/trello/guides/rest-api/webhooks/',
    confidence: 'unconfirmed',
  },
  methods: ['POST', 'HEAD'],
  scheme: hmac({
    hash: 'sha1',
    key: 'utf8',
    signature: { header: 'x-trello-webhook', encoding: 'base64' },
    signed: ['body', 'url'],
  }),
  secret: { madeBy: 'provider' },
  identity: 'body',
  rejectionStatus: 401,
  // Three times, after 30, 60 and 120 seconds.
  retryHorizonSeconds: 210,
  cutsOffAfterFailures: true,
  // The webhook with the count of its failures, and the model that it watches: an action comes by each webhook that sees it.
  attemptFields: ['model', 'webhook'],
  options: {
    publicUrl: {
      type: 'url',
      description:
        "The callback URL as Trello has it; must be stated if that has a query. Default: the source's own URL, without a query.",
    },
  },

  readEvents({ json: { action } }) {
    const { id, type, date } = isObject(action) ? action : {};
    return { key: readId(id), type: readText(type), time: parseIsoTime(date) };
  },

  // Trello makes a webhook only if the URL answers.
  handshakes: { echo: ({ method }) => (method === 'HEAD' ? { status: 200 } : undefined) },

  sample: ({ id, now, type = 'updateCard' }) =>
    JSON.stringify({
      action: {
        id,
        idMemberCreator: '4fc78a59a885233f4b349bd9',
        data: { card: { name: 'Naïve ☕' } },
        type,
        date: now.toISOString(),
      },
      model: { id: '4d5ea62fd76aa1136000000c', name: 'Example' },
      webhook: { id: '5fbf92a8a8ceaf0ea2806041', active: true, consecutiveFailures: 0, firstConsecutiveFailDate: null },
    }),
});
