import { METRIC } from '../../../lambdas/contract.ts';
import type { GradualConfig } from '../../config/gradual.ts';
import { ALIAS } from '../../config/stack-names.ts';
import type { AlarmRow, MetricRef } from './row.ts';

/** A version of a function that CodeDeploy brings into force. */
export interface NewVersion {
  readonly gateway: string;
  /** The source or the target that the function works for. */
  readonly name: string;
  readonly part: 'verifier' | 'processor';
  readonly functionName: string;
  readonly version: AlarmRow['version'] & object;
  readonly gradual: GradualConfig;
}

/** Failures that are more than an accident: so many, and one of so many tries. */
const [LEAST, ONE_OF] = [3, 5];

const BAD = '(FILL(crashed, 0) + FILL(failed, 0))';

/**
 * The alarm that takes a new version back. It is about that version alone, so that the failures of the old one do not stop the
 * deployment that mends them: crashes and time-outs as Lambda counts them, and the tries that the function itself counts as failed.
 * It counts over the whole time in which the version has its part of the calls, because that part of an ordinary rate is a call or
 * two a minute. CloudWatch looks each minute, at the last so many minutes.
 */
export function newVersionAlarm({ gateway, name, part, functionName, version, gradual }: NewVersion): AlarmRow {
  const counted = (metric: string): MetricRef => ({
    ...{ namespace: METRIC.namespace, name: metric, statistic: 'Sum' },
    dimensions: {
      [METRIC.dimension.gateway]: gateway,
      [METRIC.dimension.source]: name,
      [METRIC.dimension.version]: version.number,
    },
  });
  return {
    ...{ id: `new-${part}-fails`, severity: 'warning', seconds: 60 * gradual.minutes, threshold: 1, version },
    query: {
      // A crash has no try that the function has counted.
      expression: `IF(${BAD} >= ${LEAST} AND ${ONE_OF} * ${BAD} >= FILL(tried, 0) + FILL(crashed, 0), 1, 0)`,
      of: {
        crashed: {
          ...{ namespace: 'AWS/Lambda', name: 'Errors', statistic: 'Sum' },
          dimensions: {
            ...{ FunctionName: functionName, Resource: `${functionName}:${ALIAS}` },
            ExecutedVersion: version.number,
          },
        },
        failed: counted(part === 'verifier' ? METRIC.unavailable : METRIC.failed),
        tried: counted(METRIC.tried),
      },
    },
    happened: `The version of the ${part} of ${name} that was deployed last fails: while it is deployed, CodeDeploy takes it back.`,
    look: `Read the reasons in the log of the ${part}.`,
    act: 'Correct the code or the configuration, and deploy again.',
  };
}
