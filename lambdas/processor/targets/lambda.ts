import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { traced } from '../../adapters/trace.ts';
import { failure, oneByOne, settings, target, textOf } from './deliver.ts';

/** Bytes of the largest request of an invocation that is waited for: its answer says whether the function took the event. */
const MAX_BYTES = 6 * 1024 * 1024;

const client = traced(new LambdaClient(settings), 'Lambda');

/** Invokes a function with each event, and waits for its answer. An error of the function fails the try, by the error's name. */
export const makeHandler = oneByOne(async ({ event }) => {
  const Payload = Buffer.from(await textOf(event, MAX_BYTES));
  const answer = await client.send(new InvokeCommand({ FunctionName: target, Payload }));
  if (answer.FunctionError !== undefined) throw failure(`function_${errorType(answer.Payload)}`);
});

/** The name of the function's error; its message can hold anything of the event. */
function errorType(payload: Uint8Array | undefined): string {
  try {
    const { errorType: name } = JSON.parse(Buffer.from(payload ?? []).toString('utf8')) as { errorType?: unknown };
    return typeof name === 'string' && /^[\w.]{1,60}$/.test(name) ? name : 'error';
  } catch {
    return 'error';
  }
}
