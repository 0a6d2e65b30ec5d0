import { z } from 'zod';
import { ConfigError } from '../../lib/config/config.ts';
import { OperatorError } from '../operator-error.ts';
import { explainError } from '../ops/output.ts';
import { shown } from '../text/shown.ts';

/** The kind of reason why a request to the console's API has no result. */
export type FaultKind =
  /** The token is missing, or is that of an earlier start. */
  | 'not-authorized'
  /** The console was started without `--allow-changes`. */
  | 'read-only'
  /** The operator's credentials are missing, have expired, or do not allow it. */
  | 'permission'
  /** The request itself is wrong. */
  | 'input'
  /** The operation says why it cannot be done. */
  | 'operator'
  /** AWS, or a mistake of this code. */
  | 'failed';

export interface Fault {
  readonly kind: FaultKind;
  /** The text for the person, line by line; nothing in it can be taken for markup or move a cursor. */
  readonly lines: readonly string[];
}

export interface Answer {
  readonly status: number;
  readonly body: unknown;
}

const STATUS: Readonly<Record<FaultKind, number>> = {
  'not-authorized': 401,
  'read-only': 403,
  permission: 403,
  input: 400,
  operator: 422,
  failed: 502,
};

export const answered = (body: unknown): Answer => ({ status: 200, body });

export function refused(kind: FaultKind, ...lines: readonly string[]): Answer {
  const fault: Fault = { kind, lines: lines.map(shown) };
  return { status: STATUS[kind], body: { fault } };
}

/** The answer to an error that a person can act on. Throws the error again if it is a mistake of this code. */
export function answerTo(error: unknown): Answer {
  if (error instanceof z.ZodError) return refused('input', ...z.prettifyError(error).split('\n'));
  const lines = explainError(error);
  if (lines === undefined) throw error;
  return refused(kindOf(error), ...lines);
}

/** Names of AWS's errors that say that these credentials are not good enough. */
const DENIED =
  /AccessDenied|Unauthorized|NotAuthorized|Forbidden|ExpiredToken|InvalidClientToken|Unrecognized|Credentials/;

function kindOf(error: unknown): FaultKind {
  if (error instanceof ConfigError) return 'operator';
  if (error instanceof OperatorError) return 'operator';
  return error instanceof Error && DENIED.test(error.name) ? 'permission' : 'failed';
}
