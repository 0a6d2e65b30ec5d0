import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import { useState } from 'react';
import type { Traffic } from '../../cli/ops/report/traffic.ts';
import type { SecretStatus, SigningVersion, VersionStatus } from '../../cli/ops/secret/status-data.ts';
import type { GatewayStatus, SourceStatus } from '../../cli/ops/status.ts';
import { shown } from '../../cli/text/shown.ts';
import { go, linkTo } from '../address.ts';
import type { Address } from '../address.ts';
import { useOperation } from '../asking.ts';
import type { Asked } from '../asking.ts';
import { Action } from '../parts/action.tsx';
import type { Plan } from '../parts/action.tsx';
import { Outcomes, Times } from '../parts/charts.tsx';
import { Pick, SINCE } from '../parts/fields.tsx';
import { Notes } from '../parts/notes.tsx';
import { plans } from '../parts/plans.tsx';
import { Answer, Empty } from '../parts/states.tsx';
import { Said } from '../parts/text.tsx';
import { Ago } from '../parts/when.tsx';
import { useLane, usePace, useSession } from '../session.ts';

/** The state of the gateway, and whether anything needs attention. */
export default function Overview({ address: { path, query } }: { readonly address: Address }) {
  const pace = usePace();
  const session = useSession();
  const since = query.since ?? '3h';
  const status = useOperation<GatewayStatus>('status', {}, { every: pace.overview });
  const secrets = useOperation<SecretStatus[]>('secret status', {}, { every: 30 * pace.overview });
  const traffic = useOperation<Traffic>('traffic', { since, source: query.source }, { every: 2 * pace.overview });
  const [plan, setPlan] = useState<Plan>();
  const reload = (): void => {
    status.reload();
    traffic.reload();
    secrets.reload();
  };
  return (
    <SpaceBetween size="l">
      <Header variant="h1" actions={<Button iconName="refresh" ariaLabel="Refresh" onClick={reload} />}>
        Overview
      </Header>
      <Answer of={status} what="the sources" operation="status">
        {(data) => (
          <SpaceBetween size="l">
            <Alarms status={data} />
            <Sources status={data} secrets={secrets} onPlan={setPlan} />
          </SpaceBetween>
        )}
      </Answer>
      <Container
        header={
          <Header
            variant="h2"
            actions={
              <SpaceBetween direction="horizontal" size="s">
                <Pick
                  label="Source"
                  value={query.source ?? ''}
                  all="All sources"
                  options={session.sources.map(({ name }) => name)}
                  onChange={(value) => go(linkTo(path, { ...query, source: value }))}
                />
                <Pick
                  label="Time"
                  value={since}
                  options={SINCE}
                  onChange={(value) => go(linkTo(path, { ...query, since: value }))}
                />
              </SpaceBetween>
            }
          >
            Over time
          </Header>
        }
      >
        <Answer of={traffic} what="the numbers" operation="traffic">
          {(data) => (
            <ColumnLayout columns={2} minColumnWidth={320}>
              <Outcomes traffic={data} />
              <Times traffic={data} of="answer" title="Milliseconds to the answer" />
              <Times traffic={data} of="processing" title="Milliseconds to the end of the processing" />
              <Totals traffic={data} />
            </ColumnLayout>
          )}
        </Answer>
      </Container>
      {plan && (
        <Action
          plan={plan}
          onClose={() => {
            setPlan(undefined);
            status.reload();
          }}
        />
      )}
    </SpaceBetween>
  );
}

function Alarms({ status: { sources, gatewayAlarms } }: { readonly status: GatewayStatus }) {
  const { isLocal } = useSession();
  const alarms = [...gatewayAlarms, ...sources.flatMap((source) => source.alarms)];
  if (isLocal) return null;
  if (alarms.length === 0) return <StatusIndicator type="success">No alarm is on.</StatusIndicator>;
  return (
    <SpaceBetween size="s">
      {alarms.map(({ name, since, description }) => (
        <Alert key={name} type="error" header={shown(name)}>
          <div>
            On since <Ago time={since} />: {shown(description)}
          </div>
          <RunbookSection alarm={name} />
        </Alert>
      ))}
    </SpaceBetween>
  );
}

/** The runbook's section of an alarm, beside it: what it means, where to look, how to repair. */
function RunbookSection({ alarm }: { readonly alarm: string }) {
  const [isOpen, setOpen] = useState(false);
  const section = useOperation<{ readonly text: string }>('runbook', { alarm }, { isOn: isOpen });
  return (
    <ExpandableSection
      headerText="The runbook's section"
      expanded={isOpen}
      onChange={({ detail }) => setOpen(detail.expanded)}
    >
      {isOpen && (
        <Answer of={section} what="the runbook" operation="runbook">
          {({ text }) => <Notes markdown={text} />}
        </Answer>
      )}
    </ExpandableSection>
  );
}

const PROCESSING = {
  running: ['success', 'Running'],
  slow: ['warning', 'Slowed by its breaker'],
  open: ['error', 'Paused by its breaker'],
  paused: ['stopped', 'Paused'],
} as const;

const Count = ({ value, link }: { readonly value: number; readonly link: string }) =>
  value === 0 ? <>0</> : <Link href={link}>{String(value)}</Link>;

function Sources({
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

const SHOWN = {
  received: 'Deliveries',
  accepted: 'Accepted',
  duplicates: 'Duplicates',
  refused: 'Refused',
  processed: 'Processed',
} as const;

function Totals({ traffic: { sources } }: { readonly traffic: Traffic }) {
  return (
    <Table
      variant="embedded"
      contentDensity="compact"
      items={sources}
      ariaLabels={{ tableLabel: 'Totals of this time' }}
      header={<Header variant="h3">Totals</Header>}
      columnDefinitions={[
        { id: 'source', header: 'Source', isRowHeader: true, cell: ({ source }) => source },
        ...(Object.keys(SHOWN) as (keyof typeof SHOWN)[]).map((name) => ({
          ...{ id: name, header: SHOWN[name] },
          cell: ({ counts }: Traffic['sources'][number]) => counts[name].total,
        })),
      ]}
    />
  );
}
