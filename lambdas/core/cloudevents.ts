import type { Answer, Headers } from './delivery.ts';

const BAD_REQUEST: Answer = { status: 400, body: { error: 'malformed_request' } };

/**
 * Grants what the CloudEvents handshake asks for ("HTTP 1.1 Web Hooks for Event Delivery", 4): the origin, and the rate if
 * one is asked. The callback URL that it may carry is never called: anybody can send one.
 */
export function allowOrigin(headers: Headers): Answer {
  const origins = headers.get('webhook-request-origin') ?? [];
  const rates = headers.get('webhook-request-rate') ?? [];
  const [origin, rate] = [origins[0] ?? '', rates[0] ?? ''];
  const isOrigin = origins.length === 1 && /^(?:https:\/\/)?[A-Za-z\d.-]{1,253}(?::\d{1,5})?$/.test(origin);
  // Requests a minute, or no limit.
  const isRate = rates.length === 0 || (rates.length === 1 && /^(?:[1-9]\d{0,8}|\*)$/.test(rate));
  if (!isOrigin || !isRate) return BAD_REQUEST;
  const granted = { allow: 'POST, OPTIONS', 'webhook-allowed-origin': origin };
  return { status: 200, headers: rate ? { ...granted, 'webhook-allowed-rate': rate } : granted };
}
