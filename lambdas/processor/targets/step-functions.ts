import { ExecutionAlreadyExists, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { traced } from '../../adapters/trace.ts';
import { nameOf } from '../../core/process/task-names.ts';
import { oneByOne, settings, target, textOf } from './deliver.ts';

const MAX_BYTES = 256 * 1024;

const client = traced(new SFNClient(settings), 'StepFunctions');

/** Starts an execution per event. Its name is the event's: a standard state machine starts no second one within 90 days. */
export const makeHandler = oneByOne(async (task) => {
  const input = await textOf(task.event, MAX_BYTES);
  const command = new StartExecutionCommand({ stateMachineArn: target, name: nameOf(task), input });
  await client.send(command).catch((error: unknown) => {
    // An earlier try has started it.
    if (!(error instanceof ExecutionAlreadyExists)) throw error;
  });
});
