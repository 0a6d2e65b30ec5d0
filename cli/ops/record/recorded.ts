import { hostname, userInfo } from 'node:os';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { errorCode, OperatorError } from '../../operator-error.ts';
import type { OperatedGateway } from '../gateway.ts';
import { explainError } from '../output.ts';
import type { Report } from '../output.ts';
import type { Outcome, Who } from './entry.ts';
import { recordStore } from './store.ts';

/** A run that the record is about. */
export interface RecordedRun {
  readonly gateway: OperatedGateway;
  readonly operation: string;
  readonly arguments: Readonly<Record<string, unknown>>;
  readonly reason: string | undefined;
  /** How it was asked for. */
  readonly via: string;
  /** Milliseconds since the epoch. */
  readonly clock: () => number;
  readonly newId: () => string;
  readonly printError: (text: string) => void;
}

/**
 * Runs what changes something, or shows a body, with an entry of the record before and one behind. Nothing is done if the first
 * cannot be written. If the process is killed between the two, the record says that the outcome is unknown.
 */
export async function recorded(run: RecordedRun, work: () => Promise<Report>): Promise<Report> {
  const { gateway, clock, newId, printError } = run;
  const store = await orNothing(() => recordStore(gateway));
  const id = newId();
  const now = (): string => new Date(clock()).toISOString();
  const who = await whoRuns(gateway, run.via);
  const { operation, arguments: given, reason = null } = run;
  await orNothing(() =>
    store.append({
      at: now(),
      run: id,
      step: 'started',
      gateway: gateway.name,
      who,
      operation,
      arguments: given,
      reason,
    }),
  );
  const end = async (outcome: Outcome, error: string | null): Promise<void> => {
    try {
      await store.append({ at: now(), run: id, step: 'ended', outcome, error });
    } catch (failure) {
      printError(`The outcome could not be recorded (${errorCode(failure)}): the record shows it as unknown.`);
    }
  };
  try {
    const report = await work();
    await end(report.ok === false ? 'needs attention' : 'succeeded', null);
    return report;
  } catch (error) {
    await end('failed', explainError(error)?.join(' ').slice(0, MAX_ERROR) ?? errorCode(error));
    throw error;
  }
}

const MAX_ERROR = 500;

/** Writes to the record, or throws: an operation that cannot be recorded is not run. */
async function orNothing<Value>(write: () => Value | Promise<Value>): Promise<Value> {
  try {
    return await write();
  } catch (error) {
    const why = explainError(error)?.join(' ') ?? errorCode(error);
    throw new OperatorError(`Nothing was done, because the record could not be written. ${why}`);
  }
}

async function whoRuns(gateway: OperatedGateway, via: string): Promise<Who> {
  const user = `${userInfo().username}@${hostname()}`;
  if (gateway.isLocal) return { identity: user, user, via };
  const { Arn: arn = 'unknown' } = await gateway.client(STSClient).send(new GetCallerIdentityCommand({}));
  return { identity: arn, user, via };
}
