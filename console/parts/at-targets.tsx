import ButtonDropdown from '@cloudscape-design/components/button-dropdown';
import ExpandableSection from '@cloudscape-design/components/expandable-section';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { EventReport } from '../../cli/ops/event.ts';
import type { LedgerRecord } from '../../cli/ops/ledger-record.ts';
import { NOT_TOLD } from '../../cli/text/not-told.ts';
import type { WhyNotTold } from '../../cli/text/not-told.ts';
import { linkTo } from '../address.ts';
import { useSession } from '../session.ts';
import type { Plan } from './action.tsx';
import { Said } from './text.tsx';
import { When } from './when.tsx';

/** A target, with the ledger's record of the event there, or why it has none. */
interface Row {
  readonly name: string;
  readonly record?: LedgerRecord;
  readonly why?: WhyNotTold;
}

/** The fate of an event at each target of its source. Of an event at a target, its last failed tries. */
export function AtTargets({
  record,
  eventKey,
  plansFor,
  onPlan,
}: {
  readonly record: EventReport;
  readonly eventKey: string;
  readonly plansFor: (source: string, key: string, record: LedgerRecord) => Plan[];
  readonly onPlan: (plan: Plan) => void;
}) {
  const { targets = [], notTold = [] } = record;
  const order = useSession().lanes.map(({ name }) => name);
  const rows = [
    ...targets.map((each): Row => ({ name: each.source ?? '', record: each })),
    ...notTold.map(({ source, why }): Row => ({ name: source, why })),
  ].sort((one, other) => order.indexOf(one.name) - order.indexOf(other.name));
  if (rows.length === 0) return record.tries ? <Tries targets={[record]} /> : null;
  return (
    <SpaceBetween size="s">
      <Table<Row>
        wrapLines
        contentDensity="compact"
        items={rows}
        trackBy="name"
        ariaLabels={{ tableLabel: 'At the targets' }}
        header={
          <Header variant="h2" description="Each has its own tries, breaker and dead letters.">
            At the targets
          </Header>
        }
        columnDefinitions={[
          {
            ...{ id: 'target', header: 'Target', isRowHeader: true },
            cell: ({ name, record: own }) =>
              own ? <Link href={linkTo(['events', name, eventKey])}>{name}</Link> : <>{name}</>,
          },
          { id: 'result', header: 'Result', cell: (row) => <Result row={row} /> },
          { id: 'failures', header: 'Failed tries', cell: ({ record: own }) => own?.failures ?? '–' },
          { id: 'time', header: 'At', cell: ({ record: own }) => <When time={timeOf(own)} /> },
          { id: 'reason', header: 'Last failure', cell: ({ record: own }) => <Said text={own?.lastFailure} /> },
          {
            ...{ id: 'actions', header: 'Actions' },
            cell: ({ name, record: own }) => (
              <Actions name={name} plans={own ? plansFor(name, eventKey, own) : []} onPlan={onPlan} />
            ),
          },
        ]}
      />
      {targets.some(({ tries = [] }) => tries.length > 0) && <Tries targets={targets} />}
    </SpaceBetween>
  );
}

/** The time of the result: when it was handed over, or when the last try failed. */
const timeOf = (record: LedgerRecord | undefined): string | undefined =>
  record?.status === 'PROCESSED' ? record.processedAt : record?.lastFailedAt;

function Result({ row: { name, record, why } }: { readonly row: Row }) {
  if (!record) return <StatusIndicator type="stopped">{why ? NOT_TOLD[why] : ''}</StatusIndicator>;
  const { status, failures, leaseUntil, givenUpAt, copyOf, supersededBy } = record;
  if (status === 'PROCESSED' && (copyOf !== undefined || supersededBy !== undefined))
    return <StatusIndicator type="stopped">Not handed over: another event stands for it</StatusIndicator>;
  if (status === 'PROCESSED') return <StatusIndicator type="success">Handed over</StatusIndicator>;
  if (leaseUntil !== undefined && leaseUntil > Date.now())
    return <StatusIndicator type="in-progress">Under way</StatusIndicator>;
  if (givenUpAt !== undefined)
    return <StatusIndicator type="stopped">A dead letter of it was given up</StatusIndicator>;
  if (failures > 0)
    return (
      <StatusIndicator type="error">
        {'It waits to be tried again, or among the '}
        <Link href={linkTo(['dead-letters'], { source: name })}>dead letters</Link>
      </StatusIndicator>
    );
  return <StatusIndicator type="pending">It waits in its queue</StatusIndicator>;
}

function Actions({
  name,
  plans,
  onPlan,
}: {
  readonly name: string;
  readonly plans: readonly Plan[];
  readonly onPlan: (plan: Plan) => void;
}) {
  if (plans.length === 0) return <>–</>;
  return (
    <ButtonDropdown
      variant="inline-icon"
      ariaLabel={`Actions at ${name}`}
      expandToViewport
      items={plans.map(({ verb }) => ({ id: verb, text: verb }))}
      onItemClick={({ detail: { id } }) => {
        const plan = plans.find(({ verb }) => verb === id);
        if (plan) onPlan(plan);
      }}
    />
  );
}

/** The last failed tries that the ledger keeps. */
const Tries = ({ targets }: { readonly targets: readonly LedgerRecord[] }) => (
  <ExpandableSection headerText="The last failed tries">
    <Table
      variant="embedded"
      wrapLines
      contentDensity="compact"
      items={targets.flatMap(({ source = '', tries = [] }) => tries.map(({ at, reason }) => ({ source, at, reason })))}
      ariaLabels={{ tableLabel: 'The last failed tries' }}
      columnDefinitions={[
        { id: 'target', header: 'Target', isRowHeader: true, cell: ({ source }) => source },
        { id: 'at', header: 'At', cell: ({ at }) => <When time={at} /> },
        { id: 'reason', header: 'Reason', cell: ({ reason }) => <Said text={reason} /> },
      ]}
    />
  </ExpandableSection>
);
