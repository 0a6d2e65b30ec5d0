import { readJsonAnswer } from '../../core/http/api-answer.ts';
import { writeJson } from '../../core/json.ts';
import type { JsonObject } from '../../core/json.ts';
import { readText } from '../../core/schemes/fields.ts';
import type { ApiCall } from '../../core/missed-events.ts';
import type { Result } from '../../core/result.ts';
import { ok, refuse } from '../../core/result.ts';
import type { RotationFault, SecretRotation } from '../../core/secret-rotation.ts';
import { optumHeaders, optumUrl } from './api.ts';

/** The fields that an update states beside the secret. */
interface Subscription {
  readonly url: string;
  readonly eventNames: readonly unknown[];
}

/**
 * Optum's subscription API: `PUT` with `{url, eventNames, auth: {apiKey: {key}}}` sets the secret, and Optum signs with it at
 * once. A `PUT` states the whole subscription, so what there is is read first and sent back: that it can be read with `GET` on
 * the same path is an assumption (docs/providers/optum.md).
 */
export const optumRotation: SecretRotation = {
  everyDays: ({ subscriptionId, rotationDays }) =>
    subscriptionId !== undefined && typeof rotationDays === 'number' && rotationDays > 0 ? rotationDays : undefined,

  async setSecret(secret, api) {
    const subscription = await readSubscription(api);
    if (!subscription.ok) return subscription;
    const { status } = await api.http({
      method: 'PUT',
      url: optumUrl(api.options, 'updatePath'),
      headers: { ...optumHeaders(api.options), 'content-type': 'application/json' },
      body: writeJson({ ...subscription.value, auth: { apiKey: { key: secret } } }),
    });
    return status >= 200 && status < 300 ? ok(undefined) : refuse(`http_${status}` as const);
  },

  async check(api) {
    const subscription = await readSubscription(api);
    return subscription.ok ? ok(undefined) : subscription;
  },
};

async function readSubscription({ http, options }: ApiCall): Promise<Result<Subscription, RotationFault>> {
  const url = optumUrl(options, 'updatePath');
  const answer = await http({ method: 'GET', url, headers: optumHeaders(options) });
  const read = readJsonAnswer(answer);
  if (!read.ok) return read.reason === 'not_json' ? refuse('not_json') : refuse(`http_${answer.status}` as const);
  const { url: callback, eventNames } = (read.value ?? {}) as JsonObject;
  const address = readText(callback);
  // Without both the update would take away what it means to keep.
  if (address === undefined || !Array.isArray(eventNames) || eventNames.length === 0) return refuse('no_subscription');
  return ok({ url: address, eventNames });
}
