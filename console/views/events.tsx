import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Header from '@cloudscape-design/components/header';
import Link from '@cloudscape-design/components/link';
import SpaceBetween from '@cloudscape-design/components/space-between';
import Table from '@cloudscape-design/components/table';
import Toggle from '@cloudscape-design/components/toggle';
import type { EventsPage, Listed } from '../../cli/ops/events/list.ts';
import { go, linkTo } from '../address.ts';
import type { Address } from '../address.ts';
import { useOperation } from '../asking.ts';
import { Pick, PickLane, SINCE, Typed } from '../parts/fields.tsx';
import { Empty, FaultAlert } from '../parts/states.tsx';
import { EventStatus } from '../parts/status.tsx';
import { Said } from '../parts/text.tsx';
import { When } from '../parts/when.tsx';
import { usePace, useSession } from '../session.ts';

const FILTERS = ['source', 'status', 'type', 'reason', 'since', 'until'] as const;
type Filter = (typeof FILTERS)[number];

const STATUSES: readonly Listed['status'][] = ['PENDING', 'QUEUED', 'PROCESSED', 'QUARANTINED'];

/** The events, the newest first, live while the first page is shown. Filters and page are in the address. */
export function Events({ address: { path, query } }: { readonly address: Address }) {
  const { events: every } = usePace();
  const isLive = query.after === undefined && query.live !== 'off';
  const given = Object.fromEntries([...FILTERS, 'after'].flatMap((name) => (query[name] ? [[name, query[name]]] : [])));
  const asked = useOperation<EventsPage>('events', given, { every: isLive ? every : undefined });
  const { data, fault, isLoading, reload } = asked;
  // A change of a filter starts from the newest event again.
  const pick = (name: Filter | 'live', value: string): void =>
    go(linkTo(path, { ...query, after: undefined, [name]: value }));
  const isFiltered = FILTERS.some((name) => query[name]);
  return (
    <SpaceBetween size="m">
      {fault && <FaultAlert fault={fault} operation="events" onRetry={reload} />}
      <Table<Listed>
        variant="full-page"
        contentDensity="compact"
        wrapLines
        stickyHeader
        trackBy={({ source, id }) => `${source} ${id}`}
        loading={isLoading && data === undefined}
        loadingText="Loading events …"
        items={data?.events ?? []}
        columnDefinitions={COLUMNS}
        ariaLabels={{ tableLabel: 'Events' }}
        renderAriaLive={({ firstIndex, lastIndex }) => `Events ${firstIndex} to ${lastIndex}`}
        header={
          <Header
            variant="h1"
            description="The newest first. The filters stay in the address."
            actions={
              <SpaceBetween direction="horizontal" size="s" alignItems="center">
                <Toggle
                  checked={isLive}
                  disabled={query.after !== undefined}
                  onChange={({ detail }) => pick('live', detail.checked ? '' : 'off')}
                >
                  Live
                </Toggle>
                <Button iconName="refresh" ariaLabel="Refresh" onClick={reload} />
              </SpaceBetween>
            }
          >
            Events
          </Header>
        }
        filter={
          <ColumnLayout columns={3} minColumnWidth={150}>
            <PickLane value={query.source ?? ''} all="All sources" onChange={(value) => pick('source', value)} />
            <Pick
              label="Status"
              value={query.status ?? ''}
              all="Any status"
              options={STATUSES}
              onChange={(value) => pick('status', value)}
            />
            <Pick
              label="Received"
              value={query.since ?? ''}
              all="At any time"
              options={SINCE}
              onChange={(value) => pick('since', value)}
            />
            <Typed label="Type" value={query.type ?? ''} onChange={(value) => pick('type', value)} />
            <Typed
              label="Reason"
              value={query.reason ?? ''}
              placeholder="of the quarantine, or of the last failed try"
              onChange={(value) => pick('reason', value)}
            />
            <Typed
              label="Before"
              value={query.until ?? ''}
              placeholder="2026-03-01T09:00:00Z or 24h"
              onChange={(value) => pick('until', value)}
            />
          </ColumnLayout>
        }
        empty={<NoEvents isFiltered={isFiltered} searched={data?.searched ?? 0} />}
        footer={
          <Box textAlign="center">
            <SpaceBetween direction="horizontal" size="s">
              {query.after !== undefined && (
                <Button onClick={() => go(linkTo(path, { ...query, after: undefined }))}>Newest</Button>
              )}
              {data?.next !== null && data?.next !== undefined && (
                <Button onClick={() => go(linkTo(path, { ...query, after: data.next ?? undefined }))}>Older</Button>
              )}
            </SpaceBetween>
          </Box>
        }
      />
    </SpaceBetween>
  );
}

function NoEvents({ isFiltered, searched }: { readonly isFiltered: boolean; readonly searched: number }) {
  const { isLocal } = useSession();
  if (isFiltered)
    return (
      <Empty title="No such event">
        {`None of the ${searched} that were looked at is meant. `}
        <Link href={linkTo(['events'])}>Show all events</Link>
      </Empty>
    );
  return (
    <Empty title="No event has come yet">
      {isLocal ? (
        <>
          {'Run '}
          <Box variant="code">npm run demo</Box>
          {' in another terminal, or '}
          <Link href={linkTo(['send'])}>send one from here</Link>.
        </>
      ) : (
        'Register the URLs of the sources with their providers: npm run ops -- urls.'
      )}
    </Empty>
  );
}

const COLUMNS = [
  { id: 'received', header: 'Received', cell: ({ receivedAt }: Listed) => <When time={receivedAt} />, minWidth: 200 },
  {
    ...{ id: 'key', header: 'Event key', isRowHeader: true, minWidth: 200 },
    cell: ({ source, key }: Listed) => (
      <Link href={linkTo(['events', source, key])}>
        <Said text={key === '' ? '(empty)' : key} />
      </Link>
    ),
  },
  { id: 'status', header: 'Status', cell: ({ status }: Listed) => <EventStatus status={status} />, minWidth: 155 },
  { id: 'source', header: 'Source', cell: ({ source }: Listed) => source, minWidth: 90 },
  { id: 'type', header: 'Type', cell: ({ type }: Listed) => <Said text={type} />, minWidth: 210 },
  { id: 'deliveries', header: 'Deliveries', cell: ({ deliveries }: Listed) => deliveries },
  { id: 'failures', header: 'Failed tries', cell: ({ failures }: Listed) => failures },
  {
    ...{ id: 'reason', header: 'Reason', minWidth: 140 },
    cell: ({ reason }: Listed) => <Said text={reason} />,
  },
];
