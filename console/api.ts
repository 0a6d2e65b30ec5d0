import type { Fault } from '../cli/console/answer.ts';
import type { Outcome, Providers, Session, SessionLane } from '../cli/console/api.ts';
import type { Sent } from '../cli/console/send.ts';
import { readToken } from './token.ts';

export type { Fault, Outcome, Providers, Sent, Session, SessionLane };

/** An error of a call to the console's API, with its reason in words for a person. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly fault: Fault;

  constructor(fault: Fault) {
    super(fault.lines.join(' '));
    this.fault = fault;
  }
}

const token = readToken();

async function call<Answer>(path: string, body?: unknown, signal?: AbortSignal): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  const init: RequestInit = { headers, ...(signal && { signal }) };
  const post: RequestInit = { method: 'POST', body: JSON.stringify(body) };
  const response = await fetch(`/api/${path}`, body === undefined ? init : { ...init, ...post }).catch(
    (error: unknown) => {
      if (signal?.aborted) throw error;
      throw new Refused({
        kind: 'failed',
        lines: ['The console does not answer: see whether its command still runs.'],
      });
    },
  );
  const answer = (await response.json().catch(() => ({}))) as { readonly fault?: Fault };
  if (response.ok) return answer as Answer;
  throw new Refused(
    answer.fault ?? { kind: 'failed', lines: [`The console refuses the request (${response.status}).`] },
  );
}

export const readSession = (): Promise<Session> => call('session');
export const readProviders = (): Promise<Providers> => call('providers');

/** The input of an operation, by name. */
export type Input = Readonly<Record<string, string | number | boolean | undefined>>;

/** Runs an operation. A secret goes beside its input, and is kept nowhere. */
export const run = <Data>(
  operation: string,
  input: Input = {},
  { secret, signal }: { readonly secret?: string; readonly signal?: AbortSignal } = {},
): Promise<Outcome<Data>> =>
  call(`operations/${encodeURIComponent(operation)}`, { input, ...(secret !== undefined && { secret }) }, signal);

export const send = (given: { readonly source: string; readonly way: string; readonly type?: string }): Promise<Sent> =>
  call('send', given);

/** The fault that an error stands for. */
export const faultOf = (error: unknown): Fault =>
  error instanceof Refused ? error.fault : { kind: 'failed', lines: ['The page failed: load it again.'] };
