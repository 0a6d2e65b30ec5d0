import Box from '@cloudscape-design/components/box';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { SecretStatus, SigningVersion, VersionStatus } from '../../cli/ops/secret/status-data.ts';
import type { GatewayStatus, SourceStatus } from '../../cli/ops/status.ts';
import { shown } from '../../cli/text/shown.ts';
import { linkTo } from '../address.ts';
import { useOperation } from '../asking.ts';
import type { Asked } from '../asking.ts';
import { useLane, usePace, useSession } from '../session.ts';
import type { Plan } from './action.tsx';
import { plans } from './plans.tsx';
import { Empty } from './states.tsx';
import { Said } from './text.tsx';
import { Ago } from './when.tsx';

const PROCESSING = {
  running: ['success', 'Running'],
  slow: ['warning', 'Slowed by its breaker'],
  open: ['error', 'Paused by its breaker'],
  paused: ['stopped', 'Paused'],
} as const;

const Count = ({ value, link }: { readonly value: number; readonly link: string }) =>
  value === 0 ? <>0</> : <Link href={link}>{String(value)}</Link>;

/** The sources and targets, how each does, and what can be done with it. */
export function Sources({
  status: { sources },
  secrets,
  onPlan,
}: {
  readonly status: GatewayStatus;
  readonly secrets: Asked<SecretStatus[]>;
  readonly onPlan: (plan: Plan) => void;
}) {
  const { sources: configured, lanes } = useSession();
  const isAnyPolled = configured.some(({ fetchesMissed }) => fetchesMissed);
  const title = lanes.some(({ isTarget }) => isTarget) ? 'Sources and targets' : 'Sources';
  const isTarget = (name: string): boolean => lanes.some((lane) => lane.name === name && lane.isTarget);
  return (
    <Table<SourceStatus>
      contentDensity="compact"
      wrapLines
      items={sources}
      trackBy="source"
      ariaLabels={{ tableLabel: title }}
      header={<Header variant="h2">{title}</Header>}
      empty={<Empty title="The configuration has no source" />}
      columnDefinitions={[
        {
          ...{ id: 'source', header: 'Source', isRowHeader: true },
          cell: ({ source }) => <Link href={linkTo(['events'], { source })}>{source}</Link>,
        },
        {
          ...{ id: 'processing', header: 'Processing' },
          cell: ({ processing: { is, reason, since, by } }) => (
            <>
              <StatusIndicator type={PROCESSING[is][0]}>{PROCESSING[is][1]}</StatusIndicator>
              {reason !== null && (
                <Box fontSize="body-s" color="text-body-secondary">
                  <Ago time={since} none="" /> <Said text={reason} />
                  {by !== null && ` (${shown(by)})`}
                </Box>
              )}
            </>
          ),
        },
        {
          id: 'last',
          header: 'Last delivery',
          cell: ({ source, lastDeliveryAt }) => <Ago time={lastDeliveryAt} none={isTarget(source) ? '–' : 'none'} />,
        },
        { id: 'waiting', header: 'Waiting', cell: ({ waiting, inFlight }) => waiting + inFlight },
        {
          ...{ id: 'dead', header: 'Dead letters' },
          cell: ({ source, deadLetters }) => <Count value={deadLetters} link={linkTo(['dead-letters'], { source })} />,
        },
        {
          ...{ id: 'quarantine', header: 'Quarantine' },
          cell: ({ source, quarantine }) =>
            isTarget(source) ? '–' : <Count value={quarantine} link={linkTo(['quarantine'], { source })} />,
        },
        {
          ...{ id: 'secret', header: 'Secret' },
          cell: ({ source }) => <SecretAge source={source} secrets={secrets} />,
        },
        ...(isAnyPolled
          ? [{ id: 'poll', header: 'Last poll', cell: ({ source }: SourceStatus) => <LastPoll source={source} /> }]
          : []),
        {
          ...{ id: 'actions', header: 'Actions' },
          cell: ({ source, processing, deadLetters }) => (
            <ButtonDropdown
              variant="inline-icon"
              ariaLabel={`Actions for ${source}`}
              expandToViewport
              items={[
                processing.is === 'paused' ? { id: 'resume', text: 'Resume' } : { id: 'pause', text: 'Pause' },
                { id: 'redrive', text: 'Redrive all dead letters', disabled: deadLetters === 0 },
              ]}
              onItemClick={({ detail: { id } }) =>
                onPlan(
                  id === 'redrive'
                    ? plans.redriveAll(source, deadLetters)
                    : id === 'pause'
                      ? plans.pause(source, isTarget(source))
                      : plans.resume(source),
                )
              }
            />
          ),
        },
      ]}
    />
  );
}

function SecretAge({ source, secrets }: { readonly source: string; readonly secrets: Asked<SecretStatus[]> }) {
  const { isTarget = false, isSigned = false } = useLane(source) ?? {};
  if (isTarget && !isSigned) return <>–</>;
  const of = secrets.data?.find((each) => each.source === source);
  return <Link href={linkTo(['secrets'], { source })}>{of ? ageOf(of) : secrets.fault ? 'not known' : '…'}</Link>;
}

function ageOf(secret: SecretStatus): string {
  const versions: readonly (VersionStatus | SigningVersion)[] = secret.versions;
  const current = versions.find(({ label }) => label === 'current');
  if (current === undefined) return 'none yet';
  const isOfNoUse = 'signs' in secret ? ', signs nothing' : ', refused';
  return `${current.ageDays} d old${current.flaw === null ? '' : isOfNoUse}`;
}

function LastPoll({ source }: { readonly source: string }) {
  const pace = usePace();
  const isPolled = useSession().sources.some(({ name, fetchesMissed }) => name === source && fetchesMissed);
  const { data } = useOperation<{ readonly lastEndedAt?: string; readonly lastReport?: { readonly outcome: string } }>(
    'missed status',
    { source },
    { every: 10 * pace.overview, isOn: isPolled },
  );
  if (!isPolled) return <>–</>;
  return (
    <Link href={linkTo(['missed'], { source })}>
      {data?.lastEndedAt === undefined ? 'never' : <Ago time={data.lastEndedAt} />}
      {data?.lastReport?.outcome === 'failed' && ', failed'}
    </Link>
  );
}
