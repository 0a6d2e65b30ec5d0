import { standardWebhooksScheme } from '../schemes/standard-webhooks.ts';
import { sourceOf } from '../target.ts';
import type { Task } from './handle.ts';
import { nameOf } from './task-names.ts';

/** A request to an HTTP target. */
export interface TargetRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

/** Whether a value signs: one that was stored by mistake, while another one is current, must not fail the tries. */
export const isSigningSecret = (value: string): boolean => scheme.accepts(value);

/** A text that a header can hold as it is. A sender chose the type of its content. */
const PLAIN = /^[ -~]+$/;

/** Hex digits of a message's id: 128 bits. */
const ID_DIGITS = 32;

const scheme = standardWebhooksScheme('webhook');

/**
 * The request that forwards an event: its exact bytes, signed by Standard Webhooks with every secret that is accepted now, so that
 * the receiver may change from one to the other when it likes. `webhook-id` is the same for each try of an event.
 */
export function targetRequest(
  task: Pick<Task, 'event' | 'order'>,
  secrets: readonly [string, ...string[]],
  now: Date,
): TargetRequest {
  const { source, body, provider, type, key, keyKind, contentType } = task.event;
  const id = `evt_${nameOf(task).slice(0, ID_DIGITS)}`;
  const { headers } = scheme.sign({ url: '', body, secrets, now, headers: { 'webhook-id': id } });
  return {
    body,
    headers: {
      'webhook-id': id,
      ...headers,
      ...(PLAIN.test(contentType) && { 'content-type': contentType }),
      'user-agent': 'Hookgate',
      // Keys and types are texts of the provider's: a header holds ASCII alone.
      ...{ 'hookgate-source': sourceOf(source), 'hookgate-provider': provider },
      ...{ 'hookgate-type': encodeURIComponent(type), 'hookgate-key': encodeURIComponent(key) },
      ...(keyKind && { 'hookgate-key-kind': keyKind }),
    },
  };
}

/** Why a try failed, by the status of the answer; undefined if the receiver has taken the event. */
export function failureOf(status: number): { readonly name: string; readonly isPermanent: boolean } | undefined {
  if (status >= 200 && status < 300) return undefined;
  // A target that is overloaded or down is one kind of reason to the breaker, whichever status says so.
  const isUnavailable = status >= 500 || status === 408 || status === 425 || status === 429;
  const kind = isUnavailable ? 'unavailable' : status >= 300 && status < 400 ? 'redirect' : 'refused';
  return { name: `http_${status}_${kind}`, isPermanent: status === 410 };
}
