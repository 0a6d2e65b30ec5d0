import { numberSetting, setting } from '../../adapters/environment.ts';
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
  const text = detailOf(event, maxBytes);
  return text !== undefined && Buffer.byteLength(text) <= maxBytes ? text : referringDetailOf(event);
}

/** An error whose name is the reason that the ledger keeps. */
export const failure = (name: string): Error => Object.assign(new Error(name), { name });
