import Alert from '@cloudscape-design/components/alert';
import Box from '@cloudscape-design/components/box';
import Button from '@cloudscape-design/components/button';
import ColumnLayout from '@cloudscape-design/components/column-layout';
import Container from '@cloudscape-design/components/container';
import Header from '@cloudscape-design/components/header';
import SpaceBetween from '@cloudscape-design/components/space-between';
import StatusIndicator from '@cloudscape-design/components/status-indicator';
import Table from '@cloudscape-design/components/table';
import type { Explanation } from '../../cli/ops/explain.ts';
import type { RefusedGroups } from '../../cli/ops/refused/refused.ts';
import { go, linkTo } from '../address.ts';
import type { Address } from '../address.ts';
import { useOperation } from '../asking.ts';
import { Pick, PickSource, SINCE } from '../parts/fields.tsx';
import { Answer, Empty } from '../parts/states.tsx';
import { Said } from '../parts/text.tsx';
import { ViewFrame } from '../parts/view.tsx';
import { When } from '../parts/when.tsx';
import { usePace, useSession } from '../session.ts';

/** The refusals, by reason and hour; on one machine also their cause. */
export default function Refused({ address: { path, query } }: { readonly address: Address }) {
  const { isLocal } = useSession();
  const pace = usePace();
  const since = query.since ?? '24h';
  const { source, reason, explain } = query;
  const every = isLocal ? 2 * pace.events : undefined;
  const asked = useOperation<RefusedGroups>('refused', { source, reason, since }, { every });
  const pick = (name: string, value: string): void => go(linkTo(path, { ...query, [name]: value }));
  return (
    <ViewFrame
      title="Refused"
      description="Deliveries that were refused, from the log. Nothing of their content is kept."
      onRefresh={asked.reload}
    >
      <SpaceBetween size="m">
        <ColumnLayout columns={3} minColumnWidth={180}>
          <PickSource value={source ?? ''} all="All sources" onChange={(value) => pick('source', value)} />
          <Pick
            label="Reason"
            value={reason ?? ''}
            all="Any reason"
            options={[
              ...new Set([...(reason ? [reason] : []), ...(asked.data?.reasons.map((each) => each.reason) ?? [])]),
            ]}
            onChange={(value) => pick('reason', value)}
          />
          <Pick label="Time" value={since} options={SINCE} onChange={(value) => pick('since', value)} />
        </ColumnLayout>
        {explain && <Explained source={explain} onClose={() => pick('explain', '')} />}
        <Answer of={asked} what="the refusals" operation="refused">
          {(data) => <Groups data={data} onExplain={isLocal ? (name) => pick('explain', name) : undefined} />}
        </Answer>
      </SpaceBetween>
    </ViewFrame>
  );
}

function Groups({
  data: { reasons, hours, complete },
  onExplain,
}: {
  readonly data: RefusedGroups;
  readonly onExplain: ((source: string) => void) | undefined;
}) {
  return (
    <SpaceBetween size="m">
      {!complete && <Alert type="info">There are more than were read: narrow the time, or pick a source.</Alert>}
      <Table
        contentDensity="compact"
        items={reasons}
        ariaLabels={{ tableLabel: 'By reason' }}
        header={<Header variant="h2">By reason</Header>}
        empty={<Empty title="No delivery was refused in this time" />}
        columnDefinitions={[
          { id: 'source', header: 'Source', isRowHeader: true, cell: ({ source }) => source },
          { id: 'reason', header: 'Reason', cell: ({ reason }) => <Said text={reason} /> },
          { id: 'count', header: 'Deliveries', cell: ({ count }) => count },
          { id: 'first', header: 'First', cell: ({ firstAt }) => <When time={firstAt} /> },
          { id: 'last', header: 'Last', cell: ({ lastAt }) => <When time={lastAt} /> },
          ...(onExplain
            ? [
                {
                  ...{ id: 'explain', header: 'Cause' },
                  cell: ({ source }: RefusedGroups['reasons'][number]) => (
                    <Button
                      variant="inline-link"
                      ariaLabel={`Explain the last one of ${source}`}
                      onClick={() => onExplain(source)}
                    >
                      Explain
                    </Button>
                  ),
                },
              ]
            : []),
        ]}
      />
      <Table
        contentDensity="compact"
        items={hours}
        ariaLabels={{ tableLabel: 'By hour' }}
        header={<Header variant="h2">By hour</Header>}
        empty={<Empty title="No delivery was refused in this time" />}
        columnDefinitions={[
          { id: 'hour', header: 'Hour', isRowHeader: true, cell: ({ hour }) => <When time={hour} /> },
          { id: 'source', header: 'Source', cell: ({ source }) => source },
          { id: 'reason', header: 'Reason', cell: ({ reason }) => <Said text={reason} /> },
          { id: 'count', header: 'Deliveries', cell: ({ count }) => count },
        ]}
      />
    </SpaceBetween>
  );
}

function Explained({ source, onClose }: { readonly source: string; readonly onClose: () => void }) {
  const asked = useOperation<Explanation>('explain', { source, last: true });
  return (
    <Container
      header={
        <Header
          variant="h2"
          actions={
            <SpaceBetween direction="horizontal" size="xs">
              <Button onClick={asked.reload}>Explain again</Button>
              <Button onClick={onClose}>Close</Button>
            </SpaceBetween>
          }
        >
          {`Why the last delivery to ${source} was refused`}
        </Header>
      }
    >
      <Answer of={asked} what="the explanation" operation="explain">
        {({ causes, tried, complete }) => (
          <SpaceBetween size="m">
            {causes.map(({ cause, confidence, sentence, detail, change }) => (
              <div key={cause}>
                <StatusIndicator type={confidence === 'proved' ? 'error' : 'warning'}>
                  {confidence === 'proved' ? 'Proved' : 'Likely'}
                </StatusIndicator>
                <Box variant="h3">
                  <Said text={sentence} />
                </Box>
                <div>
                  <Said text={detail} />
                </div>
                <Box variant="p">
                  <Said text={change} />
                </Box>
              </div>
            ))}
            <Box color="text-body-secondary">
              {`${tried} verifications were tried${complete ? '' : ', and not everything within the bounds'}.`}
            </Box>
          </SpaceBetween>
        )}
      </Answer>
    </Container>
  );
}
