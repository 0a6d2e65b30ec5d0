import { numberSetting, setting } from '../../adapters/environment.ts';
import { errorName } from '../../core/errors.ts';
import type { HandledEvent, MakeHandler, Task } from '../../core/process/handle.ts';
import { detailOf, referringDetailOf } from '../detail.ts';

/** ARN or URL of the target. */
export const target = setting('target');

/** Milliseconds for one try. */
export const timeoutMs = numberSetting('targetTimeoutSeconds') * 1000;

/** The target's own region: it may be another than the function's. */
const region = target.split(':')[3];

/** The settings of a client of the target's service. A try ends in time for its failure to be noted. */
export const settings = {
  ...(region !== undefined && { region }),
  maxAttempts: 1,
  requestHandler: { connectionTimeout: 2_000, requestTimeout: timeoutMs, throwOnRequestTimeout: true },
} as const;

/** Makes the handler of a target that takes one event at a time: side by side, each with its own outcome. */
export const oneByOne =
  (deliver: (task: Task) => Promise<unknown>): MakeHandler =>
  () =>
  (tasks) =>
    tasks.map((task) => deliver(task));

/** `{metadata, event}` as the bus has it; by reference if it has more than so many bytes. */
export async function textOf(event: HandledEvent, maxBytes: number): Promise<string> {
  const detail = detailOf(event, maxBytes);
  const text = detail === undefined ? undefined : escaped(detail);
  return text !== undefined && Buffer.byteLength(text) <= maxBytes ? text : referringTextOf(event);
}

const referringTextOf = async (event: HandledEvent): Promise<string> => escaped(await referringDetailOf(event));

/** SQS and SNS do not take these two characters as they are. In JSON they are in texts alone, and an escape means the same there. */
const escaped = (text: string): string => text.replaceAll('\uFFFE', '\\ufffe').replaceAll('\uFFFF', '\\uffff');

/** Bytes of the lowest limit that a queue or a topic can be given. */
const LOWEST_LIMIT = 1024;

/** Sends an event's text; by reference if the queue or the topic refuses the text, as one does whose own limit is lower. */
export async function sendText(
  event: HandledEvent,
  maxBytes: number,
  send: (text: string) => Promise<unknown>,
): Promise<void> {
  const text = await textOf(event, maxBytes);
  try {
    await send(text);
  } catch (error) {
    // Neither service has an error of its own for it, and nothing of a refused call took effect.
    if (!errorName(error).startsWith('InvalidParameter') || Buffer.byteLength(text) <= LOWEST_LIMIT) throw error;
    await send(await referringTextOf(event));
  }
}

/** An error whose name is the reason that the ledger keeps. */
export const failure = (name: string): Error => Object.assign(new Error(name), { name });
