import { METRIC } from '../../../lambdas/contract.ts';
import { ALIAS } from '../../config/stack-names.ts';
import type { AlarmRow } from './row.ts';

/** A version of a function that CodeDeploy brings into force. */
export interface NewVersion {
  readonly gateway: string;
  /** The source or the target that the function works for. */
  readonly name: string;
  readonly part: 'verifier' | 'processor';
  readonly functionName: string;
  /** The number of the version. */
  readonly version: string;
}

/** Failures within a minute that are more than an accident. */
const LEAST = 3;

/**
 * The alarm that takes a new version back. It is about that version alone, so that the failures of the old one do not stop the
 * deployment that mends them: crashes and time-outs as Lambda counts them, and what the function itself counts as failed.
 */
export const newVersionAlarm = ({ gateway, name, part, functionName, version }: NewVersion): AlarmRow => ({
  ...{ id: `new-${part}-fails`, severity: 'warning', seconds: 60, threshold: LEAST },
  query: {
    expression: 'FILL(crashed, 0) + FILL(failed, 0)',
    of: {
      crashed: {
        ...{ namespace: 'AWS/Lambda', name: 'Errors', statistic: 'Sum' },
        dimensions: { FunctionName: functionName, Resource: `${functionName}:${ALIAS}`, ExecutedVersion: version },
      },
      failed: {
        ...{ namespace: METRIC.namespace, statistic: 'Sum' },
        name: part === 'verifier' ? METRIC.unavailable : METRIC.failed,
        dimensions: {
          [METRIC.dimension.gateway]: gateway,
          [METRIC.dimension.source]: name,
          [METRIC.dimension.version]: version,
        },
      },
    },
  },
  happened: `The version of the ${part} of ${name} that was deployed last fails: while it is deployed, CodeDeploy takes it back.`,
  look: `Read the reasons in the log of the ${part}.`,
  act: 'Correct the code or the configuration, and deploy again.',
});
