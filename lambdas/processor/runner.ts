/**
 * The process in which a customer's handler runs. It has no part in accepting or marking events, and can be ended at any
 * moment. It says what it does by messages; what the handler writes to the console is passed on to the function's own.
 */
import process from 'node:process';
import { toWebhookEvent } from '../core/process/handle.ts';
import type { WebhookEvent } from '../core/event.ts';
import { nameAndCode } from '../core/errors.ts';
import { endWithParent } from './end-with-parent.ts';
import { forwardConsole } from './forward-console.ts';
import { demandDone } from './handler-shape.ts';
import { loadHandler } from './load-handler.ts';
import { outcomeOf } from './outcome.ts';
import type { RunMessage, RunnerMessage } from './runner-messages.ts';

const send = (message: RunnerMessage): void => void process.send?.(message, () => undefined);

function die(reason: string): void {
  // The message is on its way when its callback comes.
  process.send?.({ kind: 'fatal', reason } satisfies RunnerMessage, () => process.exit(1));
}

endWithParent();
forwardConsole(send);
process.on('uncaughtException', (error) => {
  console.error(error);
  die(`uncaught_${nameAndCode(error)}`);
});

try {
  // The customer's code may be JavaScript: it returns anything.
  const handler: (event: WebhookEvent) => unknown = await loadHandler();
  process.on('message', ({ place, event, trace }: RunMessage) => {
    process.env._X_AMZN_TRACE_ID = trace;
    send({ kind: 'started', place });
    const result = (async (): Promise<void> => {
      await demandDone(await handler(toWebhookEvent(event)));
    })();
    send({ kind: 'ready' });
    void outcomeOf(place, result).then(send);
  });
  send({ kind: 'ready' });
} catch (error) {
  console.error(error);
  die(`load_${nameAndCode(error)}`);
}
