import { InvalidArgumentError, Option } from 'commander';
import { isUtf8 } from 'node:buffer';
import { hasBody } from '../../lambdas/core/message.ts';
import type { QueuedEvent } from '../../lambdas/core/message.ts';

/** What every look into a queue takes. */
export interface PeekOptions {
  /** The most messages that are looked at. */
  readonly limit: number;
  readonly showBodies?: boolean;
}

export const limitOption = (): Option =>
  new Option('--limit <n>', 'the most events to look at').default(1000).argParser((text) => {
    if (!/^[1-9]\d{0,5}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 999999.');
    return Number(text);
  });

/** A body as a person can read it: text, else base64, or where it lies. */
export function bodyText(event: QueuedEvent): string {
  if (!hasBody(event)) return `in the body store: ${event.body.key}`;
  return isUtf8(event.body) ? event.body.toString('utf8') : `base64: ${event.body.toString('base64')}`;
}
