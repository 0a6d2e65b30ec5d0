import { isUtf8 } from 'node:buffer';
import { hasBody } from '../../lambdas/core/message.ts';
import type { HeldMessage } from './messages.ts';

/** A body as a person can read it: text, else base64, or the place where it is stored. A message that cannot be read is its text. */
export function bodyText({ event, text }: HeldMessage): string {
  if (!event.ok) return text;
  if (!hasBody(event.value)) return `in the body store: ${event.value.body.key}`;
  const { body } = event.value;
  return isUtf8(body) ? body.toString('utf8') : `base64: ${body.toString('base64')}`;
}
