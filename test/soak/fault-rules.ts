import type { FaultRule } from '../../local/faults.ts';
import { lanesOf } from '../../lib/config/lanes.ts';
import { pascalCase } from '../../lib/config/stack-names.ts';
import { soakConfig } from './settings.ts';

type Meeting = Omit<FaultRule, 'service'>;

const ALWAYS = { times: 1_000_000_000 } as const;
const { sources } = soakConfig('http://127.0.0.1');
const names = sources.map(({ name }) => pascalCase(name));
/** Those that have a processor: the sources, and the target of each. */
const lanes = lanesOf(sources).map(({ name }) => pascalCase(name));

const at = (
  where: Pick<FaultRule, 'service' | 'action' | 'function' | 'contains'>,
  kinds: readonly Meeting[],
): FaultRule[] => kinds.map((kind) => ({ ...where, ...ALWAYS, ...kind }));

/** The call is not done. `timeout` costs its caller seconds, and is rare. */
const NOT_DONE: readonly Meeting[] = [
  { kind: 'error', status: 400, code: 'ThrottlingException', probability: 0.03 },
  { kind: 'error', status: 500, code: 'InternalServerError', probability: 0.03 },
  { kind: 'error', status: 400, code: 'AccessDeniedException', probability: 0.005 },
  { kind: 'reset', probability: 0.02 },
  { kind: 'timeout', probability: 0.001 },
];

/** The call is done, and its answer lost. */
const ANSWER_LOST: readonly Meeting[] = [
  { kind: 'error', after: true, status: 500, code: 'InternalServerError', probability: 0.02 },
  { kind: 'reset', after: true, probability: 0.02 },
  { kind: 'timeout', after: true, probability: 0.001 },
];

/** The call is done late: after 300 ms, or after its caller has given it up and tried again. */
const LATE: readonly Meeting[] = [
  { kind: 'slow', delayMs: 300, probability: 0.02 },
  { kind: 'slow', delayMs: 3_000, probability: 0.002 },
];
const SLOW: readonly Meeting[] = [{ kind: 'slow', delayMs: 300, probability: 0.03 }];

const ANY = [...NOT_DONE, ...ANSWER_LOST, ...LATE];
const LEASE = 'leaseUntil = :until';
const MARK = 'processedAt = :at';

const ofProcessors = (contains: string, kinds: readonly Meeting[]): FaultRule[] =>
  lanes.flatMap((name) => at({ service: 'dynamodb', function: `${name}Processor`, contains }, kinds));

/**
 * Faults under which an acknowledged event is processed, and processed once: every call of the verifiers, and the processors'
 * own but two. A mark that fails outright, and a PutEvents whose answer is lost, leave nobody who knows that the effect was.
 */
export const PROMISED: readonly FaultRule[] = [
  ...names.flatMap((name) => at({ service: 'dynamodb', function: `${name}Verifier` }, ANY)),
  ...at({ service: 'sqs' }, ANY),
  ...at({ service: 's3' }, [...NOT_DONE, ...SLOW]),
  ...at({ service: 'secretsmanager' }, [...NOT_DONE, ...SLOW]),
  ...at({ service: 'events' }, [...NOT_DONE.filter(({ kind }) => kind !== 'timeout'), ...SLOW]),
  ...ofProcessors(LEASE, ANY),
  ...ofProcessors(MARK, [...ANSWER_LOST, ...SLOW]),
];

/** Faults under which an event can be published twice. None is lost. */
export const UNPROMISED: readonly FaultRule[] = [
  ...at({ service: 'events' }, ANSWER_LOST),
  ...ofProcessors(MARK, [{ kind: 'error', status: 500, code: 'InternalServerError', probability: 0.3 }]),
];
