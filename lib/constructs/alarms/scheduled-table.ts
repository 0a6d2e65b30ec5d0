import { METRIC } from '../../../lambdas/contract.ts';
import { sumOf } from './row.ts';
import type { AlarmRow } from './row.ts';

const FIVE = 300;
const HOUR = 3600;
/** Seconds by which an event may be late that was fetched by polling. */
const LATE_SECONDS = 3600;

/**
 * The alarms of what runs by a schedule: polls, rotations, and the function `secretAges`, which is absent if no secret is rotated by
 * hand. Those of polls and rotations are there for any sources, so that the first that polls changes nothing but its own.
 */
export const scheduledAlarms = (secretAges: string | undefined): AlarmRow[] => [
  ...ofSecretAges(secretAges),
  ...[...POLL_ALARMS, ROTATION_FAILED, REOPENED],
];

function ofSecretAges(secretAges: string | undefined): AlarmRow[] {
  if (secretAges === undefined) return [];
  return [
    {
      ...{ id: 'secret-age', severity: 'warning', threshold: 1, seconds: HOUR },
      query: { select: 'MAX', name: METRIC.secretAgeDays, by: 'source' },
      happened: 'The signing secret of the source is older than its secretMaxAgeDays: it is time to rotate it.',
      look: 'See its age: npm run ops -- secret status <source>.',
      act: 'Rotate it with the provider (docs/secrets.md).',
    },
    {
      ...{ id: 'secret-age-unknown', severity: 'warning', threshold: 1, seconds: HOUR },
      query: {
        metric: { namespace: 'AWS/Lambda', name: 'Errors', dimensions: { FunctionName: secretAges }, statistic: 'Sum' },
      },
      happened: 'The age of the signing secrets could not be measured.',
      look: 'Read the log of SecretAges: it names the source and the error.',
      act: 'If a permission is missing, deploy.',
    },
  ];
}

const POLL_ALARMS: readonly AlarmRow[] = [
  {
    ...sumOf(METRIC.pollFailed, FIVE),
    ...{ id: 'poll-failed', severity: 'warning' },
    happened: 'A poll for missed events of the source failed in whole or in part.',
    look: 'See its faults: npm run ops -- missed status <source>.',
    act: 'Wait for the next poll; if it goes on, correct the credentials or the options that the faults name.',
  },
  {
    ...sumOf(METRIC.recovered, FIVE),
    ...{ id: 'events-recovered', severity: 'warning' },
    happened: 'The provider failed to deliver events to the source; the gateway fetched them by polling.',
    look: 'See in the access log whether deliveries came, and how they were answered.',
    act: 'If none came, compare npm run ops -- urls with the registered URL.',
  },
  {
    ...{ id: 'missed-event-late', severity: 'critical', threshold: LATE_SECONDS, seconds: FIVE },
    query: { select: 'MAX', name: METRIC.oldestMissedAge, by: 'source' },
    happened: 'Polling found an event of the source an hour or more after it happened.',
    look: 'See the last poll: npm run ops -- missed status <source>.',
    act: 'Tell those who depend on the event.',
  },
  {
    ...sumOf(METRIC.missedLeft, FIVE, { periods: [6, 12] }),
    ...{ id: 'missed-events-left', severity: 'warning' },
    happened: 'Polls for the source leave events for the next poll, again and again.',
    look: 'See how many: npm run ops -- missed status <source>.',
    act: 'Poll at once: npm run ops -- missed run <source>; if it goes on, raise poll.maxEvents or poll.maxPages.',
  },
];

const ROTATION_FAILED: AlarmRow = {
  ...sumOf(METRIC.rotationFailed, FIVE),
  ...{ id: 'rotation-failed', severity: 'warning' },
  happened: 'The signing secret of the source could not be rotated: the current one stays in force.',
  look: 'Read the reason in the log of its rotator.',
  act: 'Correct the credentials or the options that the reason names; Secrets Manager tries again.',
};

const REOPENED: AlarmRow = {
  ...sumOf(METRIC.circuitReopened, FIVE),
  ...{ id: 'circuit-reopened', severity: 'warning' },
  happened: 'The provider may have stopped delivering to the source; it was told to go on.',
  look: 'See whether it delivers: npm run ops -- status.',
  act: 'Mend the cause of the failures before, or it stops again.',
};
