import { format } from 'node:util';
import { CONSOLE_LEVELS } from './runner-messages.ts';
import type { RunnerMessage } from './runner-messages.ts';

/**
 * Passes on what is written to the console, so that it reaches the function's log in the form that Lambda gives a line there,
 * with its level and request id. A value that no other process can have, such as a function, is passed on as text.
 */
export function forwardConsole(send: (message: RunnerMessage) => void): void {
  for (const level of CONSOLE_LEVELS) {
    console[level] = (...args: readonly unknown[]) => {
      try {
        send({ kind: 'console', level, args });
      } catch {
        send({ kind: 'console', level, args: [asText(args)] });
      }
    };
  }
}

/** A handler can throw, and so have written, a value that throws when somebody looks at it. */
function asText(args: readonly unknown[]): string {
  try {
    return format(...args);
  } catch {
    return 'a value that cannot be shown';
  }
}
